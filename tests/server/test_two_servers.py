"""Several servers on one PostgreSQL and one data folder: what all are sent is held once and in order."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.model import JournalRef
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import Person, RunningServer

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def servers(server: RunningServer) -> AsyncIterator[tuple[RunningServer, RunningServer]]:
    """Two servers."""
    other = RunningServer(server.data, server.clock, server.config.database_url)
    await other.start()
    yield server, other
    await other.stop()


def held_bytes(server: RunningServer, person: Person, end: int) -> bytes:
    """Return what lies in the data folder."""
    return JournalFiles(server.config.journals).read(JournalRef(person.owner_id, DEVICE_ID, EPOCH), 0, end)


@pytest.mark.parametrize("seed", range(3))
async def test_one_journal_through_both_at_once_is_one_whole_activity(
    servers: tuple[RunningServer, RunningServer], ann: Person, seed: int
) -> None:
    builder, samples = workout(1800)
    data = builder.data

    async def send(server: RunningServer, draw: random.Random) -> None:
        held = 0
        while held < len(data):
            start = draw.randrange(max(0, held - 800), held + 1)
            status, answer = await server.put(ann, data[start : start + draw.randrange(1, 1500)], start)
            assert status == 200, answer
            assert answer["position"] >= held
            held = answer["position"]

    await asyncio.gather(*(send(server, random.Random(seed * 4 + n)) for n, server in enumerate(servers * 2)))
    assert held_bytes(servers[0], ann, len(data)) == data
    for server in servers:
        await server.settled()
    for server in servers:
        (activity,) = await server.activities(ann)
        assert activity["receipt"]["whole"]
        assert (activity["points_count"], activity["status"]) == (len(samples), "finished")


async def test_of_two_that_differ_one_is_held_and_the_other_told_where(
    servers: tuple[RunningServer, RunningServer], ann: Person
) -> None:
    data = workout(900)[0].data
    held = 0
    while held < len(data):
        piece = data[held : held + 200]
        other = piece[:-1] + bytes((piece[-1] ^ 1,))
        pieces = random.Random(held).sample([piece, other], 2)
        answers = await asyncio.gather(
            *(server.put(ann, one, held) for server, one in zip(servers, pieces, strict=True))
        )
        (kept,) = [one for (status, _), one in zip(answers, pieces, strict=True) if status == 200]
        (refused,) = [answer for status, answer in answers if status != 200]
        assert (refused["error"], refused["position"]) == ("differs", held + len(piece) - 1)
        assert held_bytes(servers[0], ann, held + len(piece))[held:] == kept
        held += len(piece)


async def test_both_answer_alike_after_either_deleted(
    servers: tuple[RunningServer, RunningServer], ann: Person
) -> None:
    data = workout(600)[0].data
    await servers[0].put(ann, data[:2000], 0)
    (activity,) = await servers[0].activities(ann)
    url = f"/api/v1/activities/{activity['activity_id']}"
    async with servers[1].http.delete(url, headers=ann.headers) as response:
        assert response.status == 204
    await servers[0].put(ann, data[2000:], 2000)
    for server in servers:
        assert await server.activities(ann) == []
