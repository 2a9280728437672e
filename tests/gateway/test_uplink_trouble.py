"""The uplink when the server is away, restarted, busy or behind: by rule, without a flood, to the last byte."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gateway.journal_server import TOKEN, JournalServer
from paceline_gateway.config import Server
from paceline_gateway.spool import Spool
from paceline_gateway.uplink.client import UplinkClient
from paceline_gateway.uplink.server_rest import ServerRest
from paceline_gateway.uplink.upload import Uploader
from paceline_tools.line.bring_up import free_port

DAY_S = 86_400


def id_of(number: int) -> bytes:
    return bytes([0xB0 + number]) * 8


class House:
    """Wearables' spools, each with its uploader, and one server that comes and goes. Time is a number."""

    def __init__(self, folder: Path, wearables: int, port: int, client: UplinkClient) -> None:
        self.server = JournalServer()
        self.port = port
        self.spool = Spool(folder)
        self.now_s = 0.0
        self.asked_s: list[float] = []
        rest, draw = ServerRest(), random.Random(1).random
        self.uploaders = [
            Uploader(
                id_of(number),
                f"W{number}",
                spool=self.spool.device(id_of(number)),
                client=client,
                draw=draw,
                wake=asyncio.Event(),
                rest=rest,
            )
            for number in range(wearables)
        ]
        self.serving = False

    async def serve(self) -> None:
        """Start the server, with what it held."""
        before, self.server = self.server, JournalServer(self.port)
        self.server.held = before.held
        await self.server.start()
        self.serving = True

    async def stop(self) -> None:
        """Stop the server, if it runs."""
        if self.serving:
            await self.server.stop()
        self.serving = False

    def grow(self, size: int, seed: int) -> None:
        """Every wearable recorded more, in a new epoch each day."""
        for number in range(len(self.uploaders)):
            journal = self.spool.device(id_of(number)).begin(1 + seed, 0)
            journal.write(journal.cursor, random.Random(seed).randbytes(size))
            journal.sync()

    async def until(self, end_s: float) -> None:
        """Let time pass: every uploader does its rounds as they are due."""
        due = dict.fromkeys(self.uploaders, self.now_s)
        while (now_s := min(due.values())) <= end_s:
            self.now_s = now_s
            for uploader in [one for one in self.uploaders if due[one] <= now_s]:
                wait_s = await uploader.round(lambda: self.now_s)
                due[uploader] = end_s + 1 if wait_s is None else now_s + wait_s
        self.now_s = end_s

    def missing(self) -> int:
        """How many bytes the server lacks."""
        journals = [
            journal for one in range(len(self.uploaders)) for journal in self.spool.device(id_of(one)).journals()
        ]
        return sum(journal.durable - journal.uploaded for journal in journals)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    token_file = tmp_path / "token"
    token_file.write_text(TOKEN)
    token_file.chmod(0o600)
    port = free_port(0)
    async with UplinkClient(Server(f"http://127.0.0.1:{port}", token_file)) as client:
        house = House(tmp_path / "spool", 3, port, client)
        yield house
        house.spool.close()
    await house.stop()


async def test_after_days_without_a_server_all_of_it_arrives_soon(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    for day in range(4):
        house.grow(50_000, day)
        await house.until((day + 1) * DAY_S)
    assert house.missing() == 3 * 4 * 50_000
    assert caplog.text.count("no answer from") <= 3 * 4, "once for each journal, not each time"
    await house.serve()
    await house.until(4 * DAY_S + 301)
    assert house.missing() == 0
    assert all(house.server.held[id_of(2).hex(), 1 + day] == random.Random(day).randbytes(50_000) for day in range(4))


async def test_a_server_in_trouble_is_asked_by_few_requests_however_many_journals_wait(house: House) -> None:
    await house.serve()
    for epoch in range(20):
        house.grow(100, epoch)
    house.server.faults.extend(["503"] * 10_000)
    await house.until(3600)
    asked = 10_000 - len(house.server.faults)
    assert asked <= 80, "about as many as one journal alone would ask"
    house.server.faults.clear()
    await house.until(house.now_s + 301)
    assert house.missing() == 0


async def test_retry_after_holds_for_every_upload(house: House) -> None:
    await house.serve()
    house.grow(1000, 1)
    house.server.retry_after_s = 900
    house.server.faults.append("429")
    await house.until(890)
    assert len(house.server.requests) == 1 and house.missing() == 3000
    await house.until(910)
    assert house.missing() == 0


async def test_a_server_that_restarts_in_the_middle_gets_the_rest(house: House) -> None:
    house.grow(300_000, 1)
    await house.serve()
    house.server.stops_after = 4
    await house.until(5)
    await house.stop()
    assert 0 < house.missing() < 900_000
    await house.until(60)
    await house.serve()
    await house.until(house.now_s + 301)
    assert house.missing() == 0
    assert {bytes(held) for held in house.server.held.values()} == {random.Random(1).randbytes(300_000)}


async def test_a_server_restored_from_a_backup_gets_again_what_it_lost(house: House) -> None:
    await house.serve()
    house.grow(150_000, 1)
    await house.until(10)
    for held in house.server.held.values():
        del held[70_000:]
    house.grow(5000, 1)
    await house.until(20)
    assert house.missing() == 0
    assert {len(held) for held in house.server.held.values()} == {155_000}


async def test_a_wearable_that_the_server_does_not_know_keeps_none_of_the_others_waiting(house: House) -> None:
    await house.serve()
    house.server.unknown = {id_of(0).hex()}
    house.grow(1000, 1)
    await house.until(100)
    assert house.missing() == 1000
    assert len(house.server.requests) == 3
    house.server.unknown = set()
    await house.until(800)
    assert house.missing() == 0
