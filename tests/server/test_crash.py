"""kill -9 at any moment: after the next start everything is there, once and whole."""

import asyncio
import random
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout
from server.journal_builder import DEVICE_ID, EPOCH, JournalBuilder, run_samples
from server.running_server import Person, RunningServer

WAIT_S = 180


class ServerProcess:
    """The command `paceline-server serve`, started and killed over one folder."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.command = ("-m", "paceline_server", "serve", "--data", str(data), "--database-url", database_url)
        self.process: Process | None = None
        self.url = ""

    async def start(self) -> None:
        """Start it and wait until it says where it serves."""
        self.process = await asyncio.create_subprocess_exec(sys.executable, *self.command, "--port", "0", stdout=PIPE)
        assert self.process.stdout is not None
        async with asyncio.timeout(WAIT_S):
            line = (await self.process.stdout.readline()).decode()
        found = re.search(r"http://\S+?(?=/ )", line)
        assert found, line
        self.url = found.group()

    async def kill(self, number: int = signal.SIGKILL) -> int:
        """End it by a signal; return its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        async with asyncio.timeout(WAIT_S):
            await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode


@pytest.fixture
async def process(server: RunningServer, ann: Person) -> AsyncIterator[ServerProcess]:
    """A server process over the folder in which the user and the wearable were set up."""
    assert ann
    await server.stop()
    running = ServerProcess(server.data, server.config.url)
    await running.start()
    yield running
    if running.process is not None and running.process.returncode is None:
        await running.kill()
    await server.start()  # its own fixture stops it


def two_workouts() -> bytes:
    """Return a journal with two finished workouts."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    for session, begin in ((1, 10), (2, 4000)):
        builder.start(begin, session=session)
        builder.samples(run_samples(2500, t_s=begin, seed=session))
        builder.end(begin + 2500)
    return builder.data


async def upload(url: str, person: Person, data: bytes, piece: int) -> None:
    """Upload as a gateway does: ask where to begin, then range by range."""
    async with ClientSession(url, headers=person.headers, timeout=ClientTimeout(total=WAIT_S)) as http:
        path = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}"
        async with http.get(path) as response:
            held = (await response.json())["position"]
        while held < len(data):
            async with http.put(f"{path}?position={held}", data=data[held : held + piece]) as response:
                assert response.status == 200
                held = (await response.json())["position"]


async def test_killed_at_random_moments_of_uploads_everything_is_there_once(
    server: RunningServer, ann: Person, process: ServerProcess
) -> None:
    data = two_workouts()
    draw = random.Random(7)
    for _ in range(4):
        uploading = asyncio.create_task(upload(process.url, ann, data, piece=97))
        await asyncio.sleep(draw.uniform(0.02, 0.25))
        await process.kill()
        done = await asyncio.gather(uploading, return_exceptions=True)
        assert done[0] is None or isinstance(done[0], ClientError | OSError), done
        await process.start()
    await upload(process.url, ann, data, piece=2000)
    await process.kill()
    await server.start()
    activities = await server.activities(ann)
    assert [activity["points_count"] for activity in activities] == [2500, 2500]
    assert all(activity["receipt"]["whole"] for activity in activities)
    await server.stop()


async def test_sigterm_ends_in_order(process: ServerProcess) -> None:
    assert await process.kill(signal.SIGTERM) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_on_sqlite_a_second_server_is_refused(process: ServerProcess) -> None:
    second = await asyncio.create_subprocess_exec(sys.executable, *process.command, "--port", "0", stderr=PIPE)
    async with asyncio.timeout(WAIT_S):
        _, said = await second.communicate()
    assert second.returncode == 1
    assert b"another server runs in" in said


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_on_postgresql_a_second_server_serves_beside_the_first(
    server: RunningServer, ann: Person, process: ServerProcess
) -> None:
    second = ServerProcess(server.data, server.config.url)
    await second.start()
    data = two_workouts()
    await asyncio.gather(*(upload(one.url, ann, data, piece=700) for one in (process, second)))
    assert await second.kill(signal.SIGTERM) == 0
    assert await process.kill(signal.SIGTERM) == 0
    await server.start()
    activities = await server.activities(ann)
    assert [activity["receipt"]["whole"] for activity in activities] == [True, True]
    await server.stop()


async def test_what_was_held_but_not_processed_is_taken_up_at_the_next_start(
    server: RunningServer, ann: Person
) -> None:
    data = two_workouts()
    await server.put(ann, data[:3000], 0)
    await server.stop()  # perhaps before, perhaps after the first pages were worked off
    await server.start()
    (live,) = await server.activities(ann)
    assert live["status"] == "live"
    await server.put(ann, data[3000:], 3000)
    await server.stop()
    await server.start()
    activities = await server.activities(ann)
    assert [activity["receipt"]["whole"] for activity in activities] == [True, True]
    assert live["activity_id"] in {activity["activity_id"] for activity in activities}
