"""Climb of workouts without altitudes, by elevation tiles that are made up: a plane that rises to the north-east."""

from pathlib import Path

import numpy as np
import pytest
from paceline_server.activities.elevation import Refiner, every
from paceline_server.analysis.tile_heights import climb_by_tiles_m, heights_along
from paceline_server.formats.hgt import VOID, read_tile, tile_name
from paceline_server.keys import DATABASE
from paceline_server.platform.blobs import open_blobs
from server.running_server import Person, RunningServer
from server.sent_files import send_file

SIDE = 1201


def plane(folder: Path, south_deg: int, west_deg: int) -> None:
    """Write a tile of 10 m of height for each hundredth of a degree north, 5 m for each east."""
    north, east = np.linspace(1, 0, SIDE)[:, None], np.linspace(0, 1, SIDE)[None, :]
    heights = np.rint(100 + 1000 * north + 500 * east).astype(">i2")
    (folder / tile_name(south_deg, west_deg)).write_bytes(heights.tobytes())


def test_tiles_are_named_by_their_south_western_corner() -> None:
    assert [tile_name(*corner) for corner in ((46, 7), (-1, -74), (0, 0))] == [
        "N46E007.hgt",
        "S01W074.hgt",
        "N00E000.hgt",
    ]


def test_heights_lie_between_the_points_around(tmp_path: Path) -> None:
    plane(tmp_path, 46, 7)
    (tmp_path / "N46E008.hgt").write_bytes(b"of another size")
    latitude, longitude = (
        np.array([46.5, 46.0, 47 - 1e-9, np.nan, 46.5, 10.0]),
        np.array([7.5, 7.0, 7.0, np.nan, 8.5, 7.0]),
    )
    found = heights_along(latitude, longitude, lambda south, west: read_tile(tmp_path / tile_name(south, west)))
    assert found[:3] == pytest.approx([850, 100, 1100], abs=0.6) and np.isnan(found[3:]).all()
    tile = np.full((SIDE, SIDE), VOID, np.int16)
    assert np.isnan(heights_along(latitude[:1], longitude[:1], lambda _south, _west: tile)).all()
    columns = {"time_s": np.arange(2.0), "latitude_deg": latitude[[0, 5]], "longitude_deg": longitude[[0, 5]]}
    columns |= {"speed_m_s": np.full(2, np.nan)}
    assert climb_by_tiles_m(columns, lambda _south, _west: tile) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_workout_without_altitudes_gets_the_climb_of_its_tiles_once(
    server: RunningServer, ann: Person, tmp_path: Path
) -> None:
    rows = "".join(
        f'<trkpt lat="{46.5 + abs(number - 300) / 10_000:.6f}" lon="7.5">'
        f"<time>2025-10-01T08:{number // 60:02}:{number % 60:02}Z</time></trkpt>"
        for number in range(601)
    )
    data = f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{rows}</trkseg></trk></gpx>'
    await send_file(server, ann, data.encode())
    await server.settled()
    (before,) = await server.activities(ann)
    assert before["ascent_m"] is None and before["analysis"]["climb_by_tiles"] is False
    database = server.app[DATABASE]
    (wanted,) = database.read_now(lambda connection: list(every(connection)))
    refiner = Refiner(database, open_blobs(server.config.blobs, server.config.blob_url), tmp_path)
    refiner.refine(*wanted, database.write_now)  # no tile is there yet
    assert (await server.activities(ann))[0]["ascent_m"] is None
    plane(tmp_path, 46, 7)
    for _ in range(2):
        refiner.refine(*wanted, database.write_now)
        (once,) = await server.activities(ann)
        assert (once["ascent_m"], once["descent_m"]) == (pytest.approx(30, abs=2), pytest.approx(30, abs=2))
        assert once["analysis"]["climb_by_tiles"] is True
    assert database.read_now(lambda connection: list(every(connection))) == []
    await server.settled()
    (after,) = await server.activities(ann)
    _, stats = await server.get(ann, f"/users/{ann.owner_id}/stats")
    assert stats["lifetime"]["ascent_m"] == pytest.approx(after["ascent_m"], abs=0.1)
