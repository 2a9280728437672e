"""A small file is imported while its sender waits, unstaged; of what was cut off halfway nothing is left."""

import gzip
import os

import pytest
from paceline_server.imports.receiving import SCRATCH, SMALL_BYTES
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
    assert listed["imports"] == []
    (original,) = (server.data / "blobs" / "originals" / ann.owner_id).glob("*")
    os.utime(original, (server.clock.now_s, server.clock.now_s))
    in_the_way.unlink()
    server.clock.now_s += 3700.0
    await server.settled()
    assert await server.activities(ann) == []
    assert list((server.data / "blobs" / "originals" / ann.owner_id).glob("*")) == []
    assert states(await send_file(server, ann, gpx())) == ["imported"]


async def test_what_a_crash_left_of_files_on_their_way_goes_a_day_later_at_a_start(
    server: RunningServer, ann: Person
) -> None:
    await server.stop()
    old, young = server.data / f"{SCRATCH}0123", server.data / f"{SCRATCH}4567"
    for path, age_s in ((old, 90_000.0), (young, 3600.0)):
        path.write_bytes(b"half of a zip")
        os.utime(path, (server.clock.now_s - age_s, server.clock.now_s - age_s))
    folder = server.data / f"{SCRATCH}of-older-programs"
    folder.mkdir()
    (folder / "came").write_bytes(b"half of a zip")
    os.utime(folder, (server.clock.now_s - 90_000.0, server.clock.now_s - 90_000.0))
    await server.start()
    assert [path.name for path in server.data.glob(f"{SCRATCH}*")] == [young.name]
    assert states(await send_file(server, ann, gpx())) == ["imported"]
