"""Killed before a step of an import, or of undoing it: after a start each file is an activity once, no blob is left."""

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from conftest import EVERY_STEP
from paceline_server.imports.model import IMPORT_FILES
from paceline_server.platform.database import Database
from server.postgres import empty_database
from server.running_server import Person, RunningServer
from server.statements import Statements
from server.test_crash_steps import Crasher, outcome
from sqlalchemy import make_url, select

STRIDES = {"sqlite": 37, "postgresql": 71}  # of steps: an attempt takes a second; EVERY_STEP=1 takes all of them


def all_of(url: str, data: Path) -> dict[str, Any]:
    """Return what is there when all is done: one batch of each name may have been sent twice."""
    found = outcome(url, data)
    for row in found["activities"]:
        row["detail"] = row["detail"]["receipt"]
    database = Database(url)
    try:
        rows = database.read_now(lambda connection: connection.execute(select(IMPORT_FILES)).mappings().all())
    finally:
        database.close()
    states = {(row["name"], row["state"]) for row in rows if row["state"] != "same"}
    return found | {"files": sorted(states)}


async def test_killed_while_files_come_in_each_is_there_once(
    server: RunningServer, ann: Person, tmp_path: Path, statements: Statements, request: pytest.FixtureRequest
) -> None:
    await server.stop()
    url = make_url(server.config.url)
    crasher = Crasher()
    await crasher.start("server.import_crash_steps")

    async def attempt(step: int) -> tuple[dict[str, Any], bool]:
        data = tmp_path / f"killed{step}"
        shutil.copytree(server.data, data)
        if url.get_backend_name() == "sqlite":
            return await killed_and_again(f"sqlite:///{data / 'paceline.sqlite3'}", data, step)
        with empty_database(request.getfixturevalue("postgres"), template=url.database) as own:
            return await killed_and_again(own, data, step)

    async def killed_and_again(own: str, data: Path, step: int) -> tuple[dict[str, Any], bool]:
        status = await crasher.run(data, own, ann.owner_id, step, 0)
        assert status in (0, -signal.SIGKILL)
        assert await crasher.run(data, own, ann.owner_id, 0, 1) == 0
        return all_of(own, data), status != 0

    try:
        expected, _ = await attempt(0)
        assert sorted(row["points_count"] for row in expected["activities"]) == [30, 40]
        assert expected["files"] == [
            ("a.gpx", "imported"),
            ("b.gpx", "imported"),
            ("c.gpx", "undone"),
            ("no.txt", "broken"),
        ]
        assert len(expected["blobs"]) == 4 and expected["events"] == []  # two originals, two of telemetry
        stride = 1 if EVERY_STEP else STRIDES[url.get_backend_name()]
        step, killed = 3, True
        while killed:
            found, killed = await attempt(step)
            assert found == expected, f"killed before step {step}"
            step += stride
        assert step > 30
    finally:
        await crasher.stop()
        statements.take_faults()  # the outcome is read whole
        await server.start()  # its own fixture stops it
