"""Several servers and workers on one PostgreSQL: who watches at one sees what another made of it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from server.journal_builder import JournalBuilder, run_samples
from server.running_server import Person, RunningServer

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def idle_server(server: RunningServer) -> AsyncIterator[RunningServer]:
    """A second server, which works nothing off itself."""
    other = RunningServer(server.data, server.clock, server.config.database_url)
    other.config = replace(other.config, work=False)
    await other.start()
    yield other
    await other.stop()


async def rows_until(socket: ClientWebSocketResponse, rows: int, before: list[float]) -> list[float]:
    """Take messages until there are so many rows, or the end; return those from before, and these."""
    time_s = list(before)
    finished = False
    async with asyncio.timeout(30):
        while len(time_s) < rows and not finished:
            received = await socket.receive()
            assert received.type is WSMsgType.TEXT, received
            message = orjson.loads(received.data)
            if message["type"] == "append":
                time_s[message["from_row"] :] = message["streams"]["time_s"]
            finished = message["type"] == "finished"
    return time_s


def begun() -> JournalBuilder:
    """Return the beginning of a workout."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(100))
    return builder


async def test_growth_that_another_server_made_is_seen_and_a_deletion_ends_it(
    server: RunningServer, idle_server: RunningServer, ann: Person
) -> None:
    builder = begun()
    await server.put(ann, builder.data, 0)
    (activity,) = await server.activities(ann)
    url = f"/api/v1/activities/{activity['activity_id']}"
    async with idle_server.http.ws_connect(f"{url}/live", headers=ann.headers) as socket:
        first = await rows_until(socket, 100, [])
        held = builder.position
        builder.samples(run_samples(400)[100:])
        await server.put(ann, builder.data[held:], held)
        assert await rows_until(socket, 400, first) == [float(second) for second in range(400)]
        async with server.http.delete(url, headers=ann.headers) as response:
            assert response.status == 204
        async with asyncio.timeout(20):
            assert (await socket.receive()).type is WSMsgType.CLOSE


async def test_a_worker_process_does_what_servers_leave(
    server: RunningServer, idle_server: RunningServer, ann: Person
) -> None:
    await server.stop()
    await idle_server.put(ann, begun().data, 0)
    await asyncio.sleep(0.5)
    assert (await idle_server.get(ann, f"/users/{ann.owner_id}/activities"))[1]["total"] == 0
    words = ("worker", "--data", str(server.data), "--database-url", server.config.url)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "paceline_server", *words)
    try:
        async with asyncio.timeout(60):
            await idle_server.settled()
        assert (await idle_server.get(ann, f"/users/{ann.owner_id}/activities"))[1]["total"] == 1
    finally:
        process.terminate()
        assert await process.wait() == 0
    await server.start()  # its own fixture stops it
