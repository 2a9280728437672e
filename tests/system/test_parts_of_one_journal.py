"""Two gateways with parts of one journal, and the real server: it comes to hold every byte that either has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from paceline_gateway.config import Server
from paceline_gateway.spool import DeviceSpool
from paceline_gateway.uplink.client import UplinkClient
from paceline_gateway.uplink.upload import Uploader
from paceline_protocol.page import PAGE_SIZE
from paceline_server.keys import DEVICES
from server.journal_builder import DEVICE_ID, DEVICE_KEY, EPOCH, workout
from server.running_server import Person, RunningServer, StandingClock, make_person


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RunningServer]:
    running = RunningServer(tmp_path / "server", StandingClock())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def ann(server: RunningServer) -> Person:
    person = make_person(server, "ann")
    server.app[DEVICES].claim(person.owner_id, DEVICE_ID, DEVICE_KEY)
    return person


def put_token(folder: Path, token: str) -> Path:
    folder.mkdir()
    token_file = folder / "token"
    token_file.write_text(token)
    token_file.chmod(0o600)
    return token_file


@asynccontextmanager
async def gateway(folder: Path, server: RunningServer, person: Person) -> AsyncIterator[tuple[DeviceSpool, Uploader]]:
    token_file = put_token(folder, person.token)
    spool = DeviceSpool(folder / DEVICE_ID, "this boot")
    async with UplinkClient(Server(server.url, token_file)) as client:
        device_id = bytes.fromhex(DEVICE_ID)
        yield (
            spool,
            Uploader(device_id, "Ann", spool=spool, client=client, draw=lambda: 0.0, wake=asyncio.Event()),
        )
    spool.close()


def hold(spool: DeviceSpool, data: bytes, start: int, end: int) -> None:
    journal = spool.begin(EPOCH, start)
    journal.write(journal.cursor, data[journal.cursor : end])
    journal.sync()


async def test_what_one_gateway_declared_gone_the_other_brings_later(
    tmp_path: Path, server: RunningServer, ann: Person
) -> None:
    data = workout(60_000)[0].data
    assert len(data) > 20 * PAGE_SIZE
    async with gateway(tmp_path / "home", server, ann) as home, gateway(tmp_path / "phone", server, ann) as phone:
        hold(home[0], data, 0, 5000)
        assert await home[1].round(lambda: 0.0) is None
        # The phone pulled on the road and has no way to the server yet; at home the wearable comes back with a gap.
        hold(phone[0], data, PAGE_SIZE, 15 * PAGE_SIZE + 700)
        hold(home[0], data, 15 * PAGE_SIZE, len(data))
        assert await home[1].round(lambda: 0.0) is None
        (broken,) = await server.activities(ann)
        assert not broken["receipt"]["whole"]
        assert await phone[1].round(lambda: 0.0) is None
        assert all(journal.uploaded == journal.durable for journal in phone[0].journals())
    (whole,) = await server.activities(ann)
    assert whole["receipt"]["whole"] and whole["points_count"] == 60_000
    assert whole["activity_id"] == broken["activity_id"]


async def test_a_file_of_two_gaps_closes_the_one_it_can(tmp_path: Path, server: RunningServer, ann: Person) -> None:
    data = workout(60_000)[0].data
    async with gateway(tmp_path / "home", server, ann) as home, gateway(tmp_path / "phone", server, ann) as phone:
        hold(home[0], data, 18 * PAGE_SIZE, len(data))  # the server has not heard of anything before
        assert await home[1].round(lambda: 0.0) is None
        hold(phone[0], data, 2 * PAGE_SIZE, 6 * PAGE_SIZE)
        hold(phone[0], data, 8 * PAGE_SIZE, 18 * PAGE_SIZE - 1)
        assert await phone[1].round(lambda: 0.0) is None
    path = next((tmp_path / "server").rglob("*.journal"))
    held = path.read_bytes()
    assert held[2 * PAGE_SIZE : 6 * PAGE_SIZE] == data[2 * PAGE_SIZE : 6 * PAGE_SIZE]
    assert held[8 * PAGE_SIZE : 18 * PAGE_SIZE - 1] == data[8 * PAGE_SIZE : 18 * PAGE_SIZE - 1]
    (activity,) = await server.activities(ann)
    gaps = [(gap["from"], gap["to"]) for gap in activity["receipt"]["gaps"]]
    assert (6 * PAGE_SIZE, 8 * PAGE_SIZE) in [(max(low, 6 * PAGE_SIZE), high) for low, high in gaps]
