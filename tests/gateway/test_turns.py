"""Many wearables and few connections: everybody has a turn, and who comes home is synced soon."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from gateway.journal_server import JournalServer
from gateway.on_the_air import LIMIT_S, Start, config, id_of, key_of, server_holds, some_bytes
from gateway.radio_wearable import RadioWearable
from gateway.stand_in import Wearable
from paceline_gateway.actions import Instant
from paceline_gateway.config import Config, Server
from paceline_gateway.daemon import run
from paceline_gateway.errors import RadioError
from paceline_gateway.radio.connection import connect
from paceline_gateway.radio.scanner import Scanner, Sighting
from paceline_gateway.visits import World
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import UNPACED, Pacing

SLOW = Pacing(0.015, 2)
BACKLOG = 400_000
"""Takes twelve seconds at least at that pace."""
TURN_HURRY = 30
"""So that a turn takes two."""
HOME_HURRY = 20
MEETING_S = 25.0
SYNC_S = 5.0


class HurriedClock:
    """Runs so many times as fast as real time, so that turns and waits are short."""

    def __init__(self, hurry: int) -> None:
        self._hurry = hurry
        self._calls = itertools.count()

    def __call__(self) -> Instant:
        return Instant(self._hurry * time.monotonic() + next(self._calls) * 1e-6, time.time_ns() // 1_000_000)


@asynccontextmanager
async def hurried(settings: Config, hurry: int, draw: float = 0.0) -> AsyncIterator[HurriedClock]:
    clock, stop = HurriedClock(hurry), asyncio.Event()
    task = asyncio.create_task(run(settings, World(clock, lambda: draw), stop))
    try:
        yield clock
    finally:
        stop.set()
        async with asyncio.timeout(LIMIT_S):
            await task


async def test_a_long_backlog_lets_others_have_their_turn_and_is_pulled_to_the_end(
    tmp_path: Path, air: RadioLink, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    air.pacing = SLOW
    long = await wear(Wearable(some_bytes(BACKLOG), key_of(0), id_of(0)))
    async with hurried(config(tmp_path, [0, 1, 2], server[1], connections=1), TURN_HURRY):
        await server_holds(server[0], long, 1000)
        short = [await wear(Wearable(some_bytes(5000, seed), key_of(seed), id_of(seed))) for seed in (1, 2)]
        for radio in short:
            await server_holds(server[0], radio)
        held = len(server[0].held[long.wearable.device_id.hex(), long.wearable.epoch])
        assert held < BACKLOG, "nobody waits for the end of another's backlog"
        air.pacing = UNPACED
        await server_holds(server[0], long)
        await acknowledged(long, BACKLOG)
    assert long.connections > 1


async def test_a_wearable_that_was_at_the_edge_of_range_is_synced_within_30_s_of_coming_home(
    tmp_path: Path, air: RadioLink, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    radio = await wear(Wearable(some_bytes(20_000), key_of(0), id_of(0)))
    air.faults.cut_probability = 0.3
    async with hurried(config(tmp_path, [0], server[1]), HOME_HURRY, draw=0.999) as clock:
        await connected(radio, 14)
        radio.wearable.journal += some_bytes(20_000, 2)
        air.faults.cut_probability = 0.0
        home_s = clock().monotonic_s
        await connected(radio, radio.connections + 1)
        assert clock().monotonic_s - home_s < MEETING_S, "however often it failed before"
        met_s = time.monotonic()
        await server_holds(server[0], radio)
        assert time.monotonic() - met_s < SYNC_S


async def acknowledged(radio: RadioWearable, position: int) -> None:
    """Wait for the ACK of it, which may come later than the server has it: the upload waits for the disk alone."""
    async with asyncio.timeout(LIMIT_S):
        while max((ack.position for ack in radio.wearable.acks), default=0) < position:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def connected(radio: RadioWearable, times: int) -> None:
    async with asyncio.timeout(LIMIT_S):
        while radio.connections < times:  # noqa: ASYNC110 -- only asking tells
            await asyncio.sleep(0.01)


async def test_a_wearable_out_of_reach_keeps_the_adapter_for_a_bounded_time(air: RadioLink, wear: Start) -> None:
    radio = await wear(Wearable(b"", key_of(0), id_of(0)))
    seen: asyncio.Future[Sighting] = asyncio.get_running_loop().create_future()
    scanner = Scanner(lambda sighting: None if seen.done() else seen.set_result(sighting))
    await scanner.start()
    sighting = await asyncio.wait_for(seen, LIMIT_S)
    await scanner.stop()
    await radio.device.stop_advertising()
    began_s = time.monotonic()
    with pytest.raises(RadioError):
        await connect(sighting, limit_s=0.3)
    assert time.monotonic() - began_s < 5
    await radio.start()
    connection = await connect(sighting)
    assert await connection.alias() == radio.wearable.alias
    await connection.close()
    assert radio.connections == 1
