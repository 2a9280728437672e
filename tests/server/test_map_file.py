"""A map of one's own: a PMTiles file whose pictures the server serves, at its own address and to everybody."""

from dataclasses import replace
from pathlib import Path

import pytest
from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.maps.archive import Archive, ArchiveError
from paceline_server.pages.map_source import map_source, open_archive
from paceline_server.platform.headers import DATA_POLICY, PAGE_POLICY
from paceline_server.upkeep.checks import Check, checks
from pmtiles.tile import Compression, TileType
from server.map_archive import png, write_archive
from server.running_server import RunningServer, StandingClock

DEEP = [(7, x, y) for x in range(128) for y in range(128)]  # so many that the directory has leaves


def test_an_archive_tells_its_tiles_and_whom_to_thank(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "map.pmtiles", [(0, 0, 0), (2, 1, 3)])
    archive = Archive(path)
    assert archive.told.content_type == "image/png" and archive.told.content_encoding is None
    assert (archive.told.lowest_zoom, archive.told.highest_zoom) == (0, 2)
    assert archive.told.credit == "© The map’s makers"
    assert (archive.tile(2, 1, 3) or b"").startswith(b"\x89PNG")
    assert archive.tile(2, 1, 2) is None
    assert archive.tile(1, 0, 0) is None
    assert archive.tile(3, 0, 0) is None
    assert archive.tile(2, 4, 0) is None
    archive.close()


def test_tiles_are_found_behind_leaves_too(tmp_path: Path) -> None:
    archive = Archive(write_archive(tmp_path / "map.pmtiles", DEEP))
    assert (archive.tile(7, 127, 3) or b"").startswith(b"\x89PNG")
    assert archive.tile(7, 127, 3) != archive.tile(7, 0, 0)
    archive.close()


def test_what_cannot_be_shown_is_refused_with_its_reason(tmp_path: Path) -> None:
    good = write_archive(tmp_path / "good.pmtiles", [(0, 0, 0)])
    whole = good.read_bytes()
    vector = write_archive(tmp_path / "vector.pmtiles", [(0, 0, 0)], tile=b"\x1a\x00", kind=TileType.MVT)
    packed = write_archive(tmp_path / "packed.pmtiles", [(0, 0, 0)], tile=b"x", coding=Compression.BROTLI)
    for data, said in (
        (b"", "no PMTiles file"),
        (b"PK\3\4" + bytes(200), "no PMTiles file"),
        (whole[:7] + b"\x02" + whole[8:], "no PMTiles file of version 3"),
        (whole[:100], "no PMTiles file"),
        (whole[:130], "damaged"),
        (whole[:127] + bytes(len(whole) - 127), "damaged"),
        (whole[:99] + b"\x77" + whole[100:], "damaged"),
        (whole[:16] + b"\xff" * 8 + whole[24:], "too many"),
        (vector.read_bytes(), "holds MVT tiles"),
        (packed.read_bytes(), "compressed by brotli"),
    ):
        path = tmp_path / "bad.pmtiles"
        path.write_bytes(data)
        with pytest.raises(ArchiveError, match=said):
            Archive(path)
    with pytest.raises(ArchiveError, match="cannot be read: No such file"):
        Archive(tmp_path / "absent.pmtiles")


def test_the_settings_of_a_map_file(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "map.pmtiles", [(3, 1, 1)])
    config = Config(data=tmp_path, map_file=path)
    archive = open_archive(config)
    source = map_source(config, archive)
    assert archive is not None and source is not None
    assert source.policy == PAGE_POLICY and source.zooms == (3, 3)
    assert source.credit == "© The map’s makers"
    other = map_source(replace(config, map_credit="me"), archive)
    assert other is not None and other.credit == "me"
    archive.close()
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    with pytest.raises(UsageError, match="one of them"):
        open_archive(replace(config, map_tiles=tiles, map_credit="me"))
    with pytest.raises(UsageError, match="map_file needs map_credit"):
        open_archive(replace(config, map_file=write_archive(path, [(0, 0, 0)], attribution=None)))
    with pytest.raises(UsageError, match="cannot be read"):
        open_archive(replace(config, map_file=tmp_path / "absent"))


async def test_tiles_are_served_to_everybody_and_kept_by_browsers(tmp_path: Path) -> None:
    picture = png((1, 2, 3))
    path = write_archive(tmp_path / "map.pmtiles", [(0, 0, 0), (1, 1, 0)], tile=picture)
    server = RunningServer(tmp_path / "data", StandingClock())
    server.config = replace(server.config, map_file=path)
    await server.start()
    async with server.http.get("/tiles/1/1/0") as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", picture)
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        assert answer.headers["Content-Security-Policy"] == DATA_POLICY
        tag = answer.headers["ETag"]
    async with server.http.get("/tiles/1/1/0", headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    for place, status in (
        ("1/0/0", 204),
        ("9/0/0", 204),
        ("1/2/0", 404),
        ("-1/0/0", 404),
        ("99/0/0", 404),
        ("1/1e0/0", 404),
        ("1/١/0", 404),
        ("0/0/" + "9" * 40, 404),
    ):
        async with server.http.get(f"/tiles/{place}") as answer:
            assert answer.status == status, place
    path.write_bytes(path.read_bytes()[:-10])  # cut while it is open
    async with server.http.get("/tiles/1/1/0") as answer:
        assert answer.status == 503
    assert Check(True, "the map's file has image/png for zooms 0 to 1") in checks(server.config, 0.0)
    path.write_bytes(b"")
    assert Check(False, f"map_file: {path} is no PMTiles file of version 3") in checks(server.config, 0.0)
    await server.stop()
