"""The watched folder: what rests is imported once, what is being written is waited for, what is broken is told."""

import os
from pathlib import Path

from paceline_server.imports.watching import FolderWatcher
from paceline_server.keys import DATABASE, IMPORTS, POOL
from server.running_server import Person, RunningServer
from server.sent_files import gpx, zipped


def watcher(server: RunningServer, folder: Path) -> FolderWatcher:
    """Return a watcher that is looked with by hand."""
    app = server.app
    return FolderWatcher(folder, 1 << 20, app[IMPORTS], app[DATABASE], app[POOL], server.clock)


async def test_what_rests_is_imported_once_and_moved_aside(server: RunningServer, ann: Person, tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    hers = folder / "ann"
    hers.mkdir(parents=True)
    (folder / "nobody").mkdir()
    (folder / "nobody" / "x.gpx").write_bytes(gpx())
    whole, both = gpx(), zipped({"b.gpx": gpx(day=2), "c.gpx": gpx(day=3)})
    (hers / "run.gpx").write_bytes(whole[: len(whole) // 2])
    (hers / "years.zip").write_bytes(both)
    (hers / "bad.fit").write_bytes(b"\x0e\x10nothing")
    (hers / "coming.gpx.part").write_bytes(whole)
    (hers / "link.gpx").symlink_to(folder / "nobody" / "x.gpx")
    (hers / "huge.gpx").write_bytes(bytes((1 << 20) + 1))
    watching = watcher(server, folder)
    assert await watching.look() == 0  # nobody knows yet whether it rests
    (hers / "run.gpx").write_bytes(whole)
    assert await watching.look() == 3
    assert len(await server.activities(ann)) == 2
    assert sorted(os.listdir(hers / "broken")) == ["bad.fit", "bad.fit.txt", "huge.gpx", "huge.gpx.txt"]
    assert "Neither FIT" in (hers / "broken" / "bad.fit.txt").read_text()
    assert await watching.look() == 1  # now it is whole
    assert len(await server.activities(ann)) == 3
    (hers / "run.gpx").write_bytes(whole)  # the same again, under the same name
    assert [await watching.look(), await watching.look(), await watching.look()] == [0, 1, 0]
    assert len(await server.activities(ann)) == 3
    assert sorted(os.listdir(hers / "imported")) == ["run (2).gpx", "run.gpx", "years.zip"]
    assert sorted(os.listdir(hers)) == ["broken", "coming.gpx.part", "imported", "link.gpx"]
    server.clock.now_s = (hers / "coming.gpx.part").stat().st_mtime + 1
    (hers / "coming.gpx.part").rename(hers / "coming.gpx")
    assert [await watching.look(), await watching.look()] == [0, 0]  # written a second ago
    server.clock.now_s += 60
    assert await watching.look() == 1
