"""Laws of what is brought onto a wearable, over a wire that loses, repeats and cuts."""

import logging
import random
from collections.abc import Callable

import pytest
from gateway.desk import Desk
from gateway.stand_in import DEVICE_ID, Wearable, Wire
from paceline_gateway.errors import RadioError
from paceline_gateway.push import ASSISTANCE, BUSY, BUSY_S, FIRMWARE, NOTICES, PLAN, REFUSED, SETTINGS, Blob

Wired = Callable[[Wearable], Wire]

PLAN_7 = Blob(PLAN, 7, random.Random(7).randbytes(1000))
SETTINGS_3 = Blob(SETTINGS, 3, b"settings")


async def test_what_the_wearable_lacks_is_brought_and_what_it_has_is_not(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(bytes(5000))
    wearable.blobs[SETTINGS] = (3, b"settings")
    desk.desired = (SETTINGS_3, PLAN_7)
    await desk.sync(wired(wearable))
    assert wearable.blobs[PLAN] == (7, PLAN_7.data)
    before = wearable.puts
    await desk.sync(wired(wearable))
    assert wearable.puts == before
    assert desk.statuses[-1].plan_version == 7


async def test_a_cut_at_any_frame_is_resumed(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(b"")
    desk.desired = (Blob(ASSISTANCE, 1, random.Random(1).randbytes(3000)),)
    for frames in range(4, 60):
        wire = wired(wearable)
        wire.cut_after = frames
        try:
            await desk.sync(wire)
        except RadioError:
            continue
        break
    assert wearable.blobs[ASSISTANCE] == (1, desk.desired[0].data)
    assert wearable.puts < 60


@pytest.mark.parametrize("seed", range(4))
async def test_lost_and_repeated_frames_are_made_good(desk: Desk, wired: Wired, seed: int) -> None:
    chance = random.Random(seed)
    wearable = Wearable(bytes(3000))
    wire = wired(wearable)
    wire.spoil = lambda frame: [frame] * (chance.choice([0, 1, 1, 1, 2]) if wire.passed > 6 else 1)
    wire.loses = lambda _frame: chance.random() < 0.1
    desk.desired = (PLAN_7, Blob(ASSISTANCE, 2, chance.randbytes(2500)))
    await desk.sync(wire)
    assert {kind: version for kind, (version, _) in wearable.blobs.items()} == {PLAN: 7, ASSISTANCE: 2}
    assert wearable.blobs[PLAN][1] == PLAN_7.data


async def test_what_is_refused_is_not_offered_again_and_holds_nothing_up(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(bytes(100))
    wearable.refuses[SETTINGS] = REFUSED
    desk.desired = (SETTINGS_3, PLAN_7)
    await desk.sync(wired(wearable))
    assert desk.refused == {(SETTINGS, 3)}
    assert PLAN in wearable.blobs
    before = wearable.puts
    await desk.sync(wired(wearable))
    assert wearable.puts == before
    desk.desired = (Blob(SETTINGS, 4, b"other settings"),)
    wearable.refuses.clear()
    await desk.sync(wired(wearable))
    assert wearable.blobs[SETTINGS][0] == 4


async def test_a_busy_wearable_is_asked_again_later(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(bytes(100))
    wearable.refuses[FIRMWARE] = BUSY
    desk.desired = (Blob(FIRMWARE, 0x000200, b"new"),)
    began_s = desk.clock.now_s

    def patience() -> bool:
        if desk.clock.now_s > began_s + BUSY_S / 2:
            wearable.refuses.clear()
        return FIRMWARE in wearable.blobs

    await desk.sync(wired(wearable), patience)
    assert desk.clock.now_s >= began_s + BUSY_S
    assert wearable.blobs[FIRMWARE] == (0x000200, b"new")


async def test_a_firmware_waits_for_the_end_of_the_workout(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(bytes(100))
    wearable.recording = 1
    desk.desired = (Blob(FIRMWARE, 0x000200, b"new"), PLAN_7)
    await desk.sync(wired(wearable))
    assert FIRMWARE not in wearable.blobs
    assert PLAN in wearable.blobs


async def test_a_wearable_that_answers_nonsense_ends_nothing(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(bytes(5000))
    wearable.parts[PLAN] = (7, 1000, bytearray(2000))  # says that it holds more than there is
    desk.desired = (PLAN_7,)
    await desk.sync(wired(wearable))
    assert desk.held() == bytes(wearable.journal)


async def test_notices_are_put_once_and_asked_for_by_one_piece_a_connection(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(bytes(100))
    desk.desired = (Blob(NOTICES, 1_790_000_000, random.Random(5).randbytes(780)),)
    await desk.sync(wired(wearable))
    assert wearable.blobs[NOTICES] == (1_790_000_000, desk.desired[0].data)
    for _ in range(2):
        before = wearable.puts
        await desk.sync(wired(wearable))
        assert wearable.puts == before + 1
    desk.desired = (Blob(NOTICES, 1_790_000_060, b"other notices"),)
    await desk.sync(wired(wearable))
    assert wearable.blobs[NOTICES][0] == 1_790_000_060


async def test_a_firmware_that_knows_no_notices_is_told_of_once_and_asked_again_when_it_is_another(
    desk: Desk, wired: Wired, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    wearable = Wearable(bytes(100))
    wearable.refuses[NOTICES] = REFUSED
    puts: list[int] = []
    for version in (1_790_000_000, 1_790_000_060, 1_790_000_120):
        desk.desired = (Blob(NOTICES, version, b"notices"), PLAN_7)
        await desk.sync(wired(wearable))
        puts.append(wearable.puts)
    assert PLAN in wearable.blobs and len(set(puts)) == 1, puts
    (said,) = [(one.levelname, one.getMessage()) for one in caplog.records if "notices" in one.getMessage()]
    assert said == ("INFO", f"{DEVICE_ID.hex()}: its firmware takes no notices; they wait for a newer one")
    wearable.refuses.clear()
    wearable.firmware = bytes((0, 2, 0))
    await desk.sync(wired(wearable))
    assert wearable.blobs[NOTICES] == (1_790_000_120, b"notices")


async def test_notices_of_which_one_version_is_refused_come_in_the_next(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(bytes(100))
    desk.desired = (Blob(NOTICES, 1_790_000_000, bytes(780)),)
    wearable.refuses_whole = {NOTICES}
    await desk.sync(wired(wearable))
    assert desk.refused == {(NOTICES, 1_790_000_000)}
    wearable.refuses_whole = set()
    desk.desired = (Blob(NOTICES, 1_790_000_060, bytes(780)),)
    await desk.sync(wired(wearable))
    assert wearable.blobs[NOTICES][0] == 1_790_000_060
