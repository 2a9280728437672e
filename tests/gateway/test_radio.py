"""The whole gateway over bleak on a virtual radio, with a server on loopback: nothing is lost, nothing comes twice."""

import asyncio
import itertools
import random
import time
from pathlib import Path

import pytest
from gateway.journal_server import JournalServer
from gateway.on_the_air import LIMIT_S, Start, config, id_of, key_of, running, server_holds, some_bytes, world
from gateway.stand_in import Wearable
from paceline_gateway.actions import Instant
from paceline_gateway.config import Server
from paceline_gateway.daemon import pull_once, run
from paceline_gateway.spool import spooled_journals
from paceline_gateway.visits import World
from paceline_tools.radio.link import RadioLink


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
    for radio in radios:
        radio.wearable.recording = 1  # who has nothing more to send gives way without a turn: test_giving_way.py
    settings = config(tmp_path, [0, 1], server[1], connections=1)
    moments = itertools.count()

    def hurried_clock() -> Instant:
        # Twenty times as fast, so that a turn is over soon.
        return Instant(20 * time.monotonic() + next(moments) * 0.001, time.time_ns() // 1_000_000)

    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, World(hurried_clock, lambda: 0.0), stop))
    for radio in radios:
        await server_holds(server[0], radio)
    stop.set()
    async with asyncio.timeout(LIMIT_S):
        await task
