"""A small file is imported while its sender waits, unstaged; where that fails halfway nothing is left of it."""

import gzip

import pytest
from paceline_server.imports.receiving import SMALL_BYTES
from server.running_server import Person, RunningServer
from server.sent_files import gpx, send_file, states, zipped

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_what_is_small_and_new_is_not_staged_and_anything_else_is(server: RunningServer, ann: Person) -> None:
    staging = server.data / "blobs" / "imports" / ann.owner_id
    for data in (gpx(day=4), gpx(day=5, points=2000)):  # in memory, and as a file of the server's own
        straight = await send_file(server, ann, data)
        assert (straight["status"], states(straight), straight["counts"]) == ("done", ["imported"], {"imported": 1})
    assert len(data) > SMALL_BYTES and not staging.exists()
    _, shown = await server.get(ann, f"/imports/{straight['batch_id']}")
    assert shown == straight
    assert states(await send_file(server, ann, data)) == ["same"]
    assert staging.exists()
    for data in (gzip.compress(gpx(day=2)), zipped({"a.gpx": gpx(day=3)})):
        assert states(await send_file(server, ann, data)) == ["imported"]
    assert list(staging.glob("*")) == []


async def test_a_disk_that_fails_halfway_leaves_nothing_and_the_file_can_come_again(
    server: RunningServer, ann: Person
) -> None:
    in_the_way = server.data / "blobs" / "telemetry"
    in_the_way.parent.mkdir()
    in_the_way.write_bytes(b"not a folder")
    await send_file(server, ann, gpx(), status=500)
    _, listed = await server.get(ann, "/imports")
    assert [(one["status"], one["counts"]) for one in listed["imports"]] == [("coming", {"importing": 1})]
    in_the_way.unlink()
    server.clock.now_s += 3700.0
    await server.settled()
    _, listed = await server.get(ann, "/imports")
    assert listed["imports"] == [] and await server.activities(ann) == []
    assert list((server.data / "blobs" / "originals" / ann.owner_id).glob("*")) == []
    assert states(await send_file(server, ann, gpx())) == ["imported"]
