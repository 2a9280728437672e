"""A sync that is cut at each of its frames in turn, in each way a link can end; and long ones cut at random."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from gateway.desk import Desk
from gateway.stand_in import Wearable, Wire
from paceline_gateway.errors import RadioError
from paceline_gateway.push import PLAN, Blob
from paceline_protocol.layout import Fields

Wired = Callable[[Wearable], Wire]
PLAN_7 = Blob(PLAN, 7, random.Random(7).randbytes(500))
SHORT = 9000
LONG = 700_000


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def watched(desk: Desk, wearable: Wearable) -> None:
    """From now on whatever the wearable is told to be held must be in a file, and synced."""

    def check(ack: Fields) -> None:
        (journal,) = desk.journals()
        assert ack.position <= journal.durable <= journal.path.stat().st_size
        assert journal.path.read_bytes()[: ack.position] == wearable.journal[: ack.position]
        assert ack.confirmed <= journal.uploaded

    wearable.on_ack = check


async def frames_of_a_sync(folder: Path) -> int:
    """How many frames a sync of the short journal takes in both directions."""
    desk = Desk(folder)
    desk.desired = (PLAN_7,)
    wire = Wire(Wearable(some_bytes(SHORT)), desk.clock)
    await desk.sync(wire)
    desk.spool.close()
    return wire.passed


@pytest.mark.parametrize("delivers", [False, True], ids=["lost", "delivered"])
@pytest.mark.parametrize("drains", [False, True], ids=["at once", "drained"])
async def test_a_sync_cut_at_each_of_its_frames_is_whole_after_the_next(
    tmp_path: Path, delivers: bool, drains: bool
) -> None:
    frames = await frames_of_a_sync(tmp_path / "whole")
    assert frames > 50
    for cut_after in range(frames):
        desk = Desk(tmp_path / str(cut_after))
        desk.desired = (PLAN_7,)
        wearable = Wearable(some_bytes(SHORT))
        watched(desk, wearable)
        wire = Wire(wearable, desk.clock)
        wire.cut_after, wire.delivers, wire.drains = cut_after, delivers, drains
        try:
            await desk.sync(wire)
            assert drains, "only what was on its way already can still end a sync"
        except RadioError:
            assert wire.is_cut
        if cut_after % 2:
            desk.restart("this boot" if cut_after % 4 == 1 else "next boot")
        passed = await resumed(desk, wearable)
        assert passed <= frames + 6, "a cut costs no more than what was on its way"
        assert desk.held() == bytes(wearable.journal)
        assert wearable.blobs[PLAN] == (7, PLAN_7.data)
        assert wearable.acks[-1].position == SHORT
        desk.spool.close()


async def resumed(desk: Desk, wearable: Wearable) -> int:
    """Sync over a new connection; return how many frames it took."""
    wire = Wire(wearable, desk.clock)
    await desk.sync(wire)
    return wire.passed


@pytest.mark.parametrize("seed", range(3))
async def test_a_long_sync_cut_at_random_again_and_again_is_whole_and_hardly_longer(
    desk: Desk, wired: Wired, seed: int
) -> None:
    chance = random.Random(seed)
    wearable = Wearable(some_bytes(LONG, seed))
    watched_every_eighth(desk, wearable)
    passed = cuts = 0
    while True:
        wire = wired(wearable)
        wire.cut_after = chance.randrange(10, 700)
        wire.delivers, wire.drains = chance.random() < 0.5, chance.random() < 0.5
        try:
            await desk.sync(wire)
        except RadioError:
            passed, cuts = passed + wire.passed, cuts + 1
            wearable.journal += some_bytes(chance.randrange(300), cuts)
            if chance.random() < 0.3:
                desk.restart()
            continue
        passed += wire.passed
        break
    assert cuts >= 3
    assert desk.held() == bytes(wearable.journal)
    data_frames = len(wearable.journal) / 227
    assert passed < 1.1 * data_frames + 80 * cuts, "a cut costs at most the window that was not acknowledged"


def watched_every_eighth(desk: Desk, wearable: Wearable) -> None:
    """As `watched`, with the bytes read back now and then."""
    count = itertools.count()

    def check(ack: Fields) -> None:
        (journal,) = desk.journals()
        assert ack.position <= journal.durable <= journal.path.stat().st_size
        if next(count) % 8 == 0:
            assert wearable.journal.startswith(journal.path.read_bytes()[: ack.position])

    wearable.on_ack = check
