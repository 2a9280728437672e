"""Laws of the uplink, against a real HTTP server on loopback that misbehaves in every way it may."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gateway.journal_server import TOKEN, JournalServer
from paceline_gateway.config import Server
from paceline_gateway.spool import Spool
from paceline_gateway.uplink.client import UplinkClient
from paceline_gateway.uplink.plan import LARGEST_RANGE
from paceline_gateway.uplink.upload import Uploader

DEVICE_ID = bytes.fromhex("00112233445566ff")
EPOCH = 0xABCDEF01
KEY = (DEVICE_ID.hex(), EPOCH)


class Dock:
    """A spool, an uploader on it, and the server it talks to. Waits pass at once: time is a number."""

    def __init__(self, folder: Path, server: JournalServer, client: UplinkClient, token_file: Path) -> None:
        self.server = server
        self.token_file = token_file
        self.spool = Spool(folder)
        self.now_s = 0.0
        self.waits: list[float] = []
        self.uploader = Uploader(
            DEVICE_ID,
            "Test",
            spool=self.spool.device(DEVICE_ID),
            client=client,
            draw=random.Random(1).random,
            wake=asyncio.Event(),
        )

    def hold(self, data: bytes, epoch: int = EPOCH, start: int = 0) -> None:
        """Put the bytes into the spool, durably."""
        journal = self.spool.device(DEVICE_ID).begin(epoch, start)
        journal.write(journal.cursor, data)
        journal.sync()

    async def rounds(self, most: int = 60) -> None:
        """Let the uploader work until nothing is left to try, or `most` times."""
        for _ in range(most):
            wait_s = await self.uploader.round(lambda: self.now_s)
            if wait_s is None:
                return
            self.waits.append(wait_s)
            self.now_s += wait_s


@pytest.fixture
async def dock(tmp_path: Path) -> AsyncIterator[Dock]:
    server = JournalServer()
    url = await server.start()
    token_file = tmp_path / "token"
    token_file.write_text(TOKEN)
    token_file.chmod(0o600)
    async with UplinkClient(Server(url, token_file)) as client:
        dock = Dock(tmp_path / "spool", server, client, token_file)
        yield dock
        dock.spool.close()
    await server.stop()


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("size", [1, 4096, LARGEST_RANGE, LARGEST_RANGE + 1, 300_000])
async def test_the_server_comes_to_hold_the_journal(dock: Dock, size: int) -> None:
    dock.hold(some_bytes(size))
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(size)
    assert all(length <= LARGEST_RANGE for _, length in dock.server.requests)
    assert dock.spool.device(DEVICE_ID).journals()[0].uploaded == size
    assert dock.waits == []


@pytest.mark.parametrize(
    "faults",
    [
        ["500"] * 7,
        ["503", "429", "502"],
        ["hang up", "hang up"],
        ["cut the answer"],
        ["nonsense", "cut the answer", "500", "hang up"],
    ],
)
async def test_a_server_in_trouble_is_asked_again_later_and_gets_everything_once(dock: Dock, faults: list[str]) -> None:
    dock.hold(some_bytes(200_000))
    dock.server.faults.extend(faults)
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(200_000)
    assert 1 <= len(dock.waits) <= len(faults)  # the client itself tries once more on a kept connection
    assert all(wait_s >= 0.5 for wait_s in dock.waits), "never a busy loop"


async def test_failures_in_a_row_wait_longer_and_are_told_once(dock: Dock, caplog: pytest.LogCaptureFixture) -> None:
    dock.hold(b"x" * 100)
    dock.server.faults.extend(["500"] * 9)
    with caplog.at_level(logging.INFO, "paceline_gateway"):
        await dock.rounds()
    assert dock.waits[8] > 20 * dock.waits[0]
    assert [record.message for record in caplog.records if "500" in record.message] == [
        "Test: upload: the server answered 500 trouble"
    ]
    assert "the server takes ranges again" in caplog.text


async def test_a_gap_is_filled_from_where_the_server_says(dock: Dock) -> None:
    dock.hold(some_bytes(150_000))
    dock.spool.device(DEVICE_ID).journals()[0].set_uploaded(140_000)
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(150_000)
    assert dock.server.requests[0] == (140_000, 10_000)
    assert dock.server.requests[1][0] == 0


async def test_what_another_gateway_brought_is_not_sent_to_the_end_again(dock: Dock) -> None:
    dock.server.held[KEY] = bytearray(some_bytes(150_000))
    dock.hold(some_bytes(200_000))
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(200_000)
    assert dock.server.requests == [(0, LARGEST_RANGE), (150_000, 50_000)]


async def test_other_bytes_on_the_server_stop_this_journal_loudly_and_no_other(
    dock: Dock, caplog: pytest.LogCaptureFixture
) -> None:
    dock.server.held[KEY] = bytearray(some_bytes(1000))
    dock.server.held[KEY][777] ^= 1
    theirs = bytes(dock.server.held[KEY])
    dock.hold(some_bytes(5000))
    dock.hold(some_bytes(300), epoch=5)
    await dock.rounds(most=3)
    assert dock.server.held[KEY] == theirs
    assert len(dock.server.requests) == 2
    assert dock.server.held[DEVICE_ID.hex(), 5] == some_bytes(300)
    assert "the server holds other bytes from position 777 on" in caplog.text


async def test_a_range_that_is_too_large_is_halved(dock: Dock) -> None:
    dock.server.largest_range = 10_000
    dock.hold(some_bytes(40_000))
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(40_000)
    assert dock.waits == []
    dock.server.largest_range = 10
    dock.hold(some_bytes(5000, seed=2))
    await dock.rounds(most=2)
    assert all(wait_s >= 300 for wait_s in dock.waits)


async def test_a_wrong_token_is_told_once_and_a_new_one_is_taken(dock: Dock, caplog: pytest.LogCaptureFixture) -> None:
    dock.token_file.write_text("another")
    dock.hold(some_bytes(100))
    await dock.rounds(most=3)
    assert caplog.text.count("the server answered 401 unauthorized") == 1
    assert "another" not in caplog.text
    assert all(wait_s >= 300 for wait_s in dock.waits)
    dock.token_file.write_text(TOKEN)
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(100)


async def test_the_token_is_not_carried_to_another_place(dock: Dock) -> None:
    dock.hold(some_bytes(100))
    dock.server.faults.append("redirect")
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(100)
    assert len(dock.server.requests) == 2


async def test_what_the_wearable_has_overwritten_is_declared_gone_once_all_before_it_is_there(
    dock: Dock, caplog: pytest.LogCaptureFixture
) -> None:
    dock.hold(some_bytes(5000))
    dock.hold(some_bytes(70_000, seed=2), start=16_384)
    dock.server.faults.append("500")
    await dock.rounds()
    assert dock.server.gaps == [(5000, 16_384)]
    assert dock.server.held[KEY] == some_bytes(5000) + bytes(16_384 - 5000) + some_bytes(70_000, seed=2)
    assert caplog.text.count("bytes 5000 to 16384 are gone:") == 1
    assert [position for position, _ in dock.server.requests][:2] == [0, 0]  # the later file waits for the earlier


async def test_a_server_that_wants_what_nobody_has_is_asked_seldom(
    dock: Dock, caplog: pytest.LogCaptureFixture
) -> None:
    dock.server.knows_gaps = False
    dock.hold(some_bytes(5000), start=8192)
    await dock.rounds(most=3)
    assert "the server wants position 0, but here are only 8192 to 13192" in caplog.text
    assert all(wait_s >= 300 for wait_s in dock.waits)


async def test_only_what_is_durable_is_sent(dock: Dock) -> None:
    dock.hold(some_bytes(1000))
    journal = dock.spool.device(DEVICE_ID).begin(EPOCH, 0)
    journal.write(1000, b"not yet")
    await dock.rounds()
    assert dock.server.held[KEY] == some_bytes(1000)


async def test_a_running_uploader_sends_what_comes_at_once(dock: Dock) -> None:
    wake = asyncio.Event()
    uploader = Uploader(
        DEVICE_ID,
        "Test",
        spool=dock.spool.device(DEVICE_ID),
        client=dock.uploader._client,
        draw=lambda: 0.0,
        wake=wake,
    )
    task = asyncio.create_task(uploader.run(asyncio.get_running_loop().time))
    try:
        for size in (10, 300, 7):
            dock.hold(some_bytes(size, seed=size))
            wake.set()
            want = dock.spool.device(DEVICE_ID).journals()[0].durable
            async with asyncio.timeout(10):
                while len(dock.server.held.get(KEY, b"")) < want:
                    await dock.server.asked.wait()
                    dock.server.asked.clear()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_becomes_durable_piece_by_piece_goes_up_in_few_requests(dock: Dock) -> None:
    wake = asyncio.Event()
    uploader = Uploader(
        DEVICE_ID,
        "Test",
        spool=dock.spool.device(DEVICE_ID),
        client=dock.uploader._client,
        draw=lambda: 0.0,
        wake=wake,
    )
    task = asyncio.create_task(uploader.run(asyncio.get_running_loop().time))
    try:
        for seed in range(20):
            dock.hold(some_bytes(7000, seed))
            wake.set()
            await asyncio.sleep(0.02)
        async with asyncio.timeout(10):
            while len(dock.server.held.get(KEY, b"")) < 140_000:
                await dock.server.asked.wait()
                dock.server.asked.clear()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(dock.server.requests) <= 8
