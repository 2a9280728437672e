"""Killed before any step of an upload, of working it off, of a deletion: after a start nothing is lost or doubled."""

import asyncio
import shutil
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from conftest import EVERY_STEP
from paceline_server.activities.model import ACTIVITIES, TOMBSTONES
from paceline_server.daily.model import DAILY_PARTS
from paceline_server.device_events.model import DEVICE_EVENTS
from paceline_server.events.declared import LANDMARKS
from paceline_server.events.model import EVENTS
from paceline_server.platform.database import Database
from server.postgres import empty_database
from server.running_server import Person, RunningServer
from server.statements import Statements
from sqlalchemy import Connection, make_url, select

STRIDES = {"sqlite": 3, "postgresql": 9}  # of steps: an attempt takes a second; EVERY_STEP=1 takes all of them
PATIENCE_S = 240  # an attempt takes one
MADE_ANEW = {"activity_id", "created_at_s", "updated_at_s", "deleted_at_s", "revision", "kept"}


class Crasher:
    """A process that runs each attempt in a fork of its own: its imports are paid once."""

    async def start(self, module: str = "server.crash_steps") -> None:
        """Start it."""
        command = (sys.executable, "-m", module, "-")
        path = str(Path(__file__).parents[1])
        self.process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=path)

    async def run(self, *arguments: object) -> int:
        """Run one attempt; return its exit status."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write((" ".join(map(str, arguments)) + "\n").encode())
        async with asyncio.timeout(PATIENCE_S):
            return int(await self.process.stdout.readline())

    async def stop(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        async with asyncio.timeout(PATIENCE_S):
            await self.process.wait()


@pytest.fixture
async def crasher() -> AsyncIterator[Crasher]:
    """The process."""
    running = Crasher()
    await running.start()
    yield running
    await running.stop()


def outcome(url: str, data: Path) -> dict[str, Any]:
    """Return all that was derived, but for ids and times of making, and the files that are there."""

    def rows(connection: Connection) -> dict[str, Any]:
        return {
            table.name: sorted(
                (
                    {name: value for name, value in row.items() if name not in MADE_ANEW}
                    for row in connection.execute(select(table)).mappings()
                    if row.get("handler") != LANDMARKS  # it looks at the clock again, days later
                ),
                key=str,
            )
            for table in (ACTIVITIES, TOMBSTONES, DAILY_PARTS, DEVICE_EVENTS, EVENTS)
        }

    database = Database(url)
    try:
        found = database.read_now(rows)
    finally:
        database.close()
    found["blobs"] = sorted(path.stat().st_size for path in (data / "blobs").rglob("*") if path.is_file())
    return found


async def test_killed_before_any_step_and_started_again_nothing_is_lost_or_doubled(
    server: RunningServer,
    ann: Person,
    crasher: Crasher,
    tmp_path: Path,
    statements: Statements,
    request: pytest.FixtureRequest,
) -> None:
    await server.stop()
    url = make_url(server.config.url)

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
        return outcome(own, data), status != 0

    try:
        expected, _ = await attempt(0)
        assert [row["points_count"] for row in expected["activities"]] == [200]
        assert len(expected["activity_tombstones"]) == len(expected["blobs"]) == 1
        assert expected["events"] == [] and expected["daily_parts"] and expected["device_events"]
        step, killed = 1, True
        stride = 1 if EVERY_STEP else STRIDES[url.get_backend_name()]
        while killed:
            found, killed = await attempt(step)
            assert found == expected, f"killed before step {step}"
            step += stride
        assert step > 15
    finally:
        statements.take_faults()  # the outcome is read whole
        await server.start()  # its own fixture stops it
