"""Climb of workouts without good altitudes, by elevation tiles that are made up: a plane that rises to the north-east.

No real tile is held here; on a plane and a ridge heights, climb and grades are known exactly.
"""

import gzip
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from paceline_server.activities.edits import NO_EDITS
from paceline_server.activities.recorded import Recorded
from paceline_server.analysis.tile_heights import corners_of, heights_along, with_heights
from paceline_server.config import Config
from paceline_server.elevation.keeping import ABSENT_S, FAILED_S, LEFT_S, TileCache
from paceline_server.elevation.measuring import measured_by_tiles
from paceline_server.elevation.source import tile_source
from paceline_server.errors import UsageError
from paceline_server.formats.hgt import LARGEST_BYTES, VOID, read_tile, tile_name, unpacked
from paceline_server.formats.recording import Column, Recording
from server.elevation_planes import SIDE, plane, put_plane
from server.running_server import StandingClock


def test_tiles_are_named_by_their_south_western_corner() -> None:
    assert [tile_name(*corner) for corner in ((46, 7), (-1, -74), (0, 0))] == [
        "N46E007.hgt",
        "S01W074.hgt",
        "N00E000.hgt",
    ]


def test_heights_lie_between_the_points_around(tmp_path: Path) -> None:
    put_plane(tmp_path, 46, 7)
    (tmp_path / "N46E008.hgt").write_bytes(b"of another size")
    latitude, longitude = (
        np.array([46.5, 46.0, 47 - 1e-9, np.nan, 46.5, 10.0]),
        np.array([7.5, 7.0, 7.0, np.nan, 8.5, 7.0]),
    )
    found = heights_along(latitude, longitude, lambda south, west: read_tile(tmp_path / tile_name(south, west)))
    assert found[:3] == pytest.approx([850, 100, 1100], abs=0.6) and np.isnan(found[3:]).all()
    assert corners_of(latitude, longitude) == [(10, 7), (46, 7), (46, 8)]
    for height in (VOID, 30_000, -9_999):  # nothing is known, and what is no height
        tile = np.full((SIDE, SIDE), height, np.int16)
        assert np.isnan(heights_along(latitude[:1], longitude[:1], lambda _south, _west, tile=tile: tile)).all()
        columns = {"latitude_deg": latitude[[0, 5]], "longitude_deg": longitude[[0, 5]]}
        assert with_heights(columns, lambda _south, _west, tile=tile: tile) is None


def test_what_a_server_packs_is_unpacked_and_no_more_than_a_tile() -> None:
    tile = plane(1201)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("readme.txt", "x")
        pack.writestr("N46E007.HGT", tile)
    for body in (tile, gzip.compress(tile, 1), packed.getvalue()):
        assert unpacked(body) == tile
    assert unpacked(np.full(1201 * 1201, VOID, ">i2").tobytes())  # all sea: nothing is known there
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as pack:
        pack.writestr("a.hgt", b"a")
        pack.writestr("b.hgt", b"b")
    bomb = gzip.compress(bytes(LARGEST_BYTES + 1000), 1)
    rubbish = np.random.default_rng(1).bytes(len(tile))
    for body, said in (
        (b"<html>log in to the hotel</html>", "no tile"),
        (gzip.compress(tile, 1)[:1000], "no tile"),
        (b"\x1f\x8b" + bytes(50), "gzip is damaged"),
        (b"PK\3\4" + bytes(50), "zip is damaged"),
        (packed.getvalue()[:-30], "zip is damaged"),
        (two.getvalue(), "holds 2 tiles"),
        (bomb, "no tile"),
        (rubbish, "no heights"),
    ):
        with pytest.raises(ValueError, match=said):
            unpacked(body)


def ride(altitude_m: Column, sport: str = "running") -> tuple[Recorded, dict[str, Column]]:
    """Half an hour straight to the north over the plane, 2.78 m/s: 5 km, 45 m up."""
    rows = len(altitude_m)
    latitude = 46.2 + np.arange(rows) * 2.5e-5
    columns = {"time_s": np.arange(rows, dtype=float), "altitude_m": altitude_m}
    recording = Recording.of(sport, "", 0.0, columns | {"latitude_deg": latitude, "longitude_deg": np.full(rows, 7.5)})
    return Recorded(sport=sport, start_utc_s=0.0, duration_s=rows - 1.0), dict(recording.columns)


ROWS = 1800
CHANCE = np.random.default_rng(7)
DRIFT = np.cumsum(CHANCE.normal(0, 0.3, ROWS))
NOISE = DRIFT + CHANCE.normal(0, 1.5, ROWS)  # a receiver's
WILD = DRIFT + CHANCE.normal(0, 12, ROWS)  # so bad that hardly any swing is small


@pytest.mark.parametrize(
    ("altitude_m", "rough"),
    [
        (600 + NOISE, True),
        (600 + WILD, True),
        (np.where(np.arange(ROWS) % 3, np.nan, 600.0), True),
        (np.full(ROWS, np.nan), False),
    ],
)
def test_heights_of_tiles_stand_for_altitudes_in_all_that_follows(
    altitude_m: Column, rough: bool, tmp_path: Path
) -> None:
    put_plane(tmp_path, 46, 7)
    recorded, columns = ride(altitude_m)
    values = measured_by_tiles(recorded, columns, NO_EDITS, {(46, 7): tmp_path / "N46E007.hgt"})
    assert values is not None
    findings = values["findings"]
    assert (findings.by_tiles, findings.rough_altitude) == (True, rough)
    assert values["ascent_m"] == pytest.approx(45, abs=1.5) and findings.descent_m == pytest.approx(0, abs=0.5)
    assert len(values["splits"]) == 5
    for split in values["splits"]:  # 9 m of climb to the kilometre
        assert split.ascent_m == pytest.approx(9 * split.distance_m / 1000, abs=1.6)
    assert sum(mile.ascent_m for mile in findings.miles) == pytest.approx(values["ascent_m"])
    # Minetti: a gradient of 0.9 % asks for 5 % more.
    assert findings.grade_adjusted_m / sum(split.distance_m for split in values["splits"]) == pytest.approx(
        1 + (19.5 * 0.009 + 46.3 * 0.009**2) / 3.6, abs=0.01
    )


def test_what_a_barometer_told_stays(tmp_path: Path) -> None:
    put_plane(tmp_path, 46, 7)
    tiles = {(46, 7): tmp_path / "N46E007.hgt"}
    barometer = 500 + 30 * np.sin(np.arange(ROWS) / 60) + CHANCE.normal(0, 0.15, ROWS)
    recorded, columns = ride(barometer)
    assert measured_by_tiles(recorded, columns, NO_EDITS, tiles) is None
    recorded, columns = ride(600 + NOISE)
    assert measured_by_tiles(recorded, columns, NO_EDITS, {}) is None  # nor where there is no tile
    cut = measured_by_tiles(recorded, columns, replace(NO_EDITS, crop_s=(0.0, 900.0)), tiles)
    assert cut is not None and cut["ascent_m"] == pytest.approx(22.5, abs=1.5)


def test_the_cache_keeps_what_was_used_last_and_forgets_in_time(tmp_path: Path) -> None:
    clock, folder = StandingClock(), tmp_path / "elevation"
    cache = TileCache(folder, 2500, clock)
    places = [(46, 7), (46, 8), (46, 9), (46, 10)]
    assert cache.find(places[0]) is None and not cache.is_absent(places[0])
    for place in places[:2]:
        cache.keep(place, bytes(1000))
        clock.now_s += 10
    assert cache.find(places[0]) == folder / "N46E007.hgt"  # used again
    clock.now_s += 10
    cache.keep(places[2], bytes(1000))
    assert [cache.find(place) is not None for place in places] == [True, False, True, False]
    cache.keep(places[3], bytes(1000), beside=[places[0], places[2]])  # all three are read together
    assert [cache.find(place) is not None for place in places] == [True, False, True, True]
    cache.note_absent(places[1])
    cache.note_failed(places[1])
    assert cache.is_absent(places[1]) and cache.has_failed(places[1])
    clock.now_s += FAILED_S
    assert cache.is_absent(places[1]) and not cache.has_failed(places[1])
    clock.now_s += ABSENT_S
    assert not cache.is_absent(places[1])
    left = folder / "N46E008.4711.part"  # of a process that was killed
    left.write_bytes(b"half")
    clock.now_s = left.stat().st_mtime + LEFT_S + 1
    cache.keep(places[1], bytes(1000))
    assert not left.exists() and cache.find(places[1]) is not None


def test_the_address_of_a_tile_server(tmp_path: Path) -> None:
    assert tile_source(Config(data=tmp_path).elevation_url) is None  # by default nobody is asked
    for url in (
        "tiles.example.org/{lat}{lon}",
        "https://tiles.example.org/{lat}",
        "https://a:b@tiles.example.org/{lat}{lon}",
        "file:///{lat}{lon}",
        "https://{lat}{lon}",
    ):
        with pytest.raises(UsageError, match="elevation_url"):
            tile_source(url)
    assert tile_source("https://tiles.example.org/skadi/{lat}/{lat}{lon}.hgt.gz") is not None
