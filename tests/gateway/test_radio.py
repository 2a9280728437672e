"""The whole gateway over bleak on a virtual radio, with a server on loopback: nothing is lost, nothing comes twice."""

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from gateway.journal_server import TOKEN, JournalServer
from gateway.radio_wearable import RadioWearable
from gateway.stand_in import Wearable
from paceline_gateway.actions import Instant
from paceline_gateway.config import Config, Server
from paceline_gateway.config import Wearable as Settings
from paceline_gateway.daemon import pull_once, run
from paceline_gateway.spool import spooled_journals
from paceline_gateway.visits import World
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import UNPACED

LIMIT_S = 60
Start = Callable[[Wearable], Awaitable[RadioWearable]]


def id_of(number: int) -> bytes:
    return bytes([0xA0 + number]) * 8


def key_of(number: int) -> bytes:
    return bytes([number + 1]) * 32


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def world() -> World:
    return World(lambda: Instant(time.monotonic(), time.time_ns() // 1_000_000), lambda: 0.0)


def config(folder: Path, numbers: list[int], server: Server | None = None, connections: int = 3) -> Config:
    wearables = {id_of(number): Settings(id_of(number), key_of(number), f"W{number}") for number in numbers}
    return Config(folder / "gateway.toml", folder / "spool", server, wearables, connections)


@pytest.fixture
async def air() -> AsyncIterator[RadioLink]:
    link = RadioLink(UNPACED)
    device, _controller = make_device(link, "gateway", "C0:00:00:00:00:99")
    await device.power_on()
    uninstall = install(device)
    yield link
    uninstall()
    link.cut_all()


@pytest.fixture
async def wear(air: RadioLink) -> AsyncIterator[Start]:
    worn: list[RadioWearable] = []

    async def start(wearable: Wearable) -> RadioWearable:
        radio = RadioWearable(air, wearable, f"F0:00:00:00:00:{len(worn):02X}")
        worn.append(radio)
        await radio.start()
        return radio

    yield start
    for radio in worn:
        await radio.stop()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[JournalServer, Server]]:
    journal_server = JournalServer()
    url = await journal_server.start()
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    yield journal_server, Server(url, token)
    await journal_server.stop()


@contextlib.asynccontextmanager
async def running(settings: Config) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, world(), stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(LIMIT_S):
            await task


async def server_holds(server: JournalServer, radio: RadioWearable, size: int | None = None) -> None:
    want = len(radio.wearable.journal) if size is None else size
    key = (radio.wearable.device_id.hex(), radio.wearable.epoch)
    async with asyncio.timeout(LIMIT_S):
        while len(server.held.get(key, b"")) < want:
            server.asked.clear()
            await server.asked.wait()
    assert server.held[key] == radio.wearable.journal[: len(server.held[key])]


async def test_every_wearable_is_pulled_once_among_strangers(tmp_path: Path, wear: Start) -> None:
    await wear(Wearable(some_bytes(9), key_of(7), id_of(7)))
    ours = [await wear(Wearable(some_bytes(30_000, seed), key_of(seed), id_of(seed))) for seed in range(4)]
    missed = await pull_once(config(tmp_path, [0, 1, 2, 3], connections=2), world(), timeout_s=LIMIT_S)
    assert missed == set()
    held = {device_id: path.read_bytes() for device_id, _, _, path in spooled_journals(tmp_path / "spool")}
    assert held == {radio.wearable.device_id: bytes(radio.wearable.journal) for radio in ours}
    assert [radio.connections for radio in ours] == [1] * 4


async def test_a_wrong_key_is_told_and_nothing_is_kept(
    tmp_path: Path, wear: Start, caplog: pytest.LogCaptureFixture
) -> None:
    lying = Wearable(some_bytes(9), key_of(8), id_of(5))
    lying.alias = Wearable(b"", key_of(5), id_of(5)).alias  # anyone can read it from the air
    liar = await wear(lying)
    assert await pull_once(config(tmp_path, [5]), world(), timeout_s=3) == {id_of(5)}
    assert spooled_journals(tmp_path / "spool") == []
    assert liar.connections == 1
    assert "refused, is its key right? unauthenticated" in caplog.text


async def test_a_wearable_that_no_key_fits_is_told_of_and_left_alone(
    tmp_path: Path, wear: Start, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = await wear(Wearable(some_bytes(9), key_of(8), id_of(5)))
    with caplog.at_level("INFO"):
        assert await pull_once(config(tmp_path, [5]), world(), timeout_s=3) == {id_of(5)}
    assert stranger.connections == 1 and spooled_journals(tmp_path / "spool") == []
    assert "no key in the settings is its key" in caplog.text


async def test_a_growing_journal_is_followed_to_the_server_and_confirmed_to_the_wearable(
    tmp_path: Path, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    radio = await wear(Wearable(some_bytes(20_000), key_of(0), id_of(0)))
    async with running(config(tmp_path, [0], server[1])):
        await server_holds(server[0], radio)
        for seed in range(5):
            radio.grow(some_bytes(100, seed))
            await server_holds(server[0], radio)
        confirmed = asyncio.Event()
        radio.wearable.on_ack = lambda ack: confirmed.set() if ack.confirmed == 20_500 else None
        if all(ack.confirmed < 20_500 for ack in radio.wearable.acks):
            async with asyncio.timeout(LIMIT_S):
                await confirmed.wait()
    assert radio.connections == 1


async def test_links_cut_at_random_frames_and_a_restarted_gateway_lose_nothing(
    tmp_path: Path, air: RadioLink, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    chance = random.Random(3)
    radio = await wear(Wearable(some_bytes(1000), key_of(0), id_of(0)))
    size = itertools.count(2)
    for _restart in range(2):
        async with running(config(tmp_path, [0], server[1])):
            for _cut in range(3):
                air.faults.cut_after(chance.randrange(60))
                radio.grow(some_bytes(9000, next(size)))
                await server_holds(server[0], radio)
    assert air.faults.cuts > 0
    ((_, _, _, path),) = spooled_journals(tmp_path / "spool")
    assert path.read_bytes() == bytes(radio.wearable.journal)
    acks = [ack.position for ack in radio.wearable.acks]
    assert max(acks) == len(radio.wearable.journal)


async def test_more_wearables_than_connections_take_turns(
    tmp_path: Path, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    radios = [await wear(Wearable(some_bytes(5000, seed), key_of(seed), id_of(seed))) for seed in range(2)]
    settings = config(tmp_path, [0, 1], server[1], connections=1)
    moments = itertools.count()

    def hurried_clock() -> Instant:
        # A hundred times as fast, so that a turn is over soon.
        return Instant(100 * time.monotonic() + next(moments) * 0.001, time.time_ns() // 1_000_000)

    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, World(hurried_clock, lambda: 0.0), stop))
    for radio in radios:
        await server_holds(server[0], radio)
    stop.set()
    async with asyncio.timeout(LIMIT_S):
        await task
