"""Laws of one sync, over a wire that loses, repeats, forges and cuts."""

import random
from collections.abc import Callable

import pytest
from gateway.desk import Desk
from gateway.stand_in import KEY, UTC_MS, Wearable, Wire
from paceline_gateway.errors import PullError, RadioError
from paceline_gateway.pull import WINDOW
from paceline_protocol.messages import DATA, STATUS, encode

Wired = Callable[[Wearable], Wire]


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("size", [0, 1, 226, 227, 228, 4096, 70_001])
async def test_a_pull_makes_the_spool_equal_to_the_journal(desk: Desk, wired: Wired, size: int) -> None:
    wearable = Wearable(some_bytes(size))
    await desk.sync(wired(wearable))
    assert desk.held() == bytes(wearable.journal)
    assert wearable.acks[-1].position == size


@pytest.mark.parametrize("seed", range(8))
async def test_lost_frames_in_both_directions_are_made_good(desk: Desk, wired: Wired, seed: int) -> None:
    chance = random.Random(seed)
    wearable = Wearable(some_bytes(40_000))
    wire = wired(wearable)
    wire.spoil = lambda frame: [frame] if wire.passed < 6 or chance.random() > 0.1 else []
    wire.loses = lambda _frame: chance.random() < 0.1
    pull = await desk.sync(wire)
    assert desk.held() == bytes(wearable.journal)
    assert pull.lost > 0


async def test_a_notification_lost_at_the_very_end_is_found_by_status(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(some_bytes(1000))
    wire = wired(wearable)
    await desk.sync(wire)
    wearable.journal += some_bytes(10, seed=2)
    wearable.connected()
    wire = wired(wearable)
    lost: list[bytes] = []

    def lose_first_data(frame: bytes) -> list[bytes]:
        if len(frame) == 12 + 5 + 10 and not lost:
            lost.append(frame)
            return []
        return [frame]

    wire.spoil = lose_first_data
    await desk.sync(wire)
    assert lost
    assert desk.held() == bytes(wearable.journal)


@pytest.mark.parametrize("seed", range(4))
async def test_repeated_frames_change_nothing(desk: Desk, wired: Wired, seed: int) -> None:
    chance = random.Random(seed)
    wearable = Wearable(some_bytes(30_000))
    wire = wired(wearable)
    wire.spoil = lambda frame: [frame] * (chance.choice([1, 2, 3]) if wire.passed > 6 else 1)
    pull = await desk.sync(wire)
    assert desk.held() == bytes(wearable.journal)
    assert pull.link.replayed > 0
    assert pull.lost == 0


async def test_forged_frames_are_dropped_and_many_end_the_connection(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(some_bytes(30_000))
    wire = wired(wearable)
    forged = 0

    def forge(frame: bytes) -> list[bytes]:
        nonlocal forged
        if wire.passed < 6 or forged == 5:
            return [frame]
        forged += 1
        return [bytes([*frame[:-1], frame[-1] ^ 1]), frame]

    wire.spoil = forge
    pull = await desk.sync(wire)
    assert pull.link.rejected == 5
    assert desk.held() == bytes(wearable.journal)

    wearable.journal += some_bytes(30_000, seed=3)
    wire = wired(wearable)
    wire.spoil = lambda frame: [frame] if wire.passed < 6 else [frame[:-1] + bytes([frame[-1] ^ 1])]
    before = desk.held()
    with pytest.raises(PullError, match=r"^forged at \d+: ") as caught:
        await desk.sync(wire)
    assert caught.value.code == "forged"
    assert bytes(wearable.journal).startswith(desk.held())
    assert len(desk.held()) >= len(before)


async def test_a_cut_at_any_frame_loses_nothing_and_acknowledges_nothing_that_is_not_durable(
    desk: Desk, wired: Wired
) -> None:
    wearable = Wearable(b"")

    def check_durable(ack: object) -> None:
        assert ack.position <= desk.journals()[0].durable  # type: ignore[attr-defined]

    wearable.on_ack = check_durable
    cuts = 0
    for cut_after in range(60):
        wearable.journal += some_bytes(3001, seed=cut_after)
        wire = wired(wearable)
        wire.cut_after = cut_after
        try:
            await desk.sync(wire)
        except RadioError:
            cuts += 1
        if cut_after % 3 == 0:
            desk.restart()
    await desk.sync(wired(wearable))
    assert cuts > 10
    assert desk.held() == bytes(wearable.journal)


async def test_credits_never_exceed_the_window(desk: Desk, wired: Wired) -> None:
    chance = random.Random(5)
    wearable = Wearable(some_bytes(200_000))
    wire = wired(wearable)
    wire.spoil = lambda frame: [frame] if wire.passed < 6 or chance.random() > 0.02 else []
    await desk.sync(wire)
    assert 0 < wearable.most_credits <= 2 * WINDOW  # a reading begun anew while frames of the old one are on their way
    lossless = Wearable(some_bytes(200_000))
    desk.restart()
    (journal,) = desk.journals()
    journal.path.unlink()
    desk.restart()
    await desk.sync(wired(lossless))
    assert lossless.most_credits == WINDOW


async def test_a_wearable_that_ignores_its_credits_is_left(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(some_bytes(100))
    wire = wired(wearable)
    frames = [encode(DATA, position=0, data=bytes(wearable.journal))] * (3 * WINDOW)
    flood = iter(frames)
    wire.spoil = lambda frame: [frame] if wire.passed < 6 else [frame, *(wearable.seal(message) for message in flood)]
    with pytest.raises(PullError, match="credits at 0"):
        await desk.sync(wire, may_leave=lambda: False)
    assert desk.held() == bytes(wearable.journal)


async def test_the_growing_end_is_followed_and_acknowledged_piece_by_piece(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(some_bytes(5000))
    wire = wired(wearable)
    grown = 0

    def grow() -> bool:
        nonlocal grown
        if grown < 20 and desk.held() == bytes(wearable.journal):
            wearable.journal += some_bytes(90, seed=grown)
            grown += 1
        return grown == 20 and desk.held() == bytes(wearable.journal)

    began_s = desk.clock.now_s
    await desk.sync(wire, may_leave=grow)
    assert {5000 + 90 * number for number in range(1, 21)} <= {ack.position for ack in wearable.acks}
    assert desk.clock.now_s - began_s < 20


async def test_another_epoch_begins_another_journal(desk: Desk, wired: Wired) -> None:
    first = some_bytes(9000)
    wearable = Wearable(first)
    wire = wired(wearable)
    formatted = False

    def format_once() -> bool:
        nonlocal formatted
        if not formatted:
            formatted = True
            wearable.epoch += 1
            wearable.journal[:] = some_bytes(5000, seed=9)
            wire.spoil = lambda frame: [frame]
            return False
        return len(desk.journals()) == 2

    await desk.sync(wire, may_leave=format_once)
    old, new = sorted(desk.journals(), key=lambda journal: journal.epoch)
    assert old.path.read_bytes() == first
    assert new.path.read_bytes() == bytes(wearable.journal)
    assert wearable.acks[-1].epoch == wearable.epoch


async def test_what_the_wearable_overwrote_shows_as_a_second_file(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(some_bytes(9000))
    await desk.sync(wired(wearable))
    whole = wearable.journal + some_bytes(30_000, seed=4)
    wearable.journal, wearable.start = whole, 4096 * 4
    await desk.sync(wired(wearable))
    first, second = sorted(desk.journals(), key=lambda journal: journal.start)
    assert first.path.read_bytes() == bytes(whole[:9000])
    assert second.start == 4096 * 4
    assert second.path.read_bytes() == bytes(whole[4096 * 4 :])


async def test_a_stranger_and_a_wrong_key_get_one_clear_error_and_leave_no_trace(desk: Desk, wired: Wired) -> None:
    stranger = Wearable(some_bytes(500), key=KEY[::-1])
    with pytest.raises(PullError) as caught:
        await desk.sync(wired(stranger))
    assert caught.value.code == "unknown_device"
    liar = Wearable(some_bytes(500), key=KEY[::-1])
    liar.alias = Wearable(b"").alias  # anyone can read it from the air
    with pytest.raises(PullError) as caught:
        await desk.sync(wired(liar))
    assert caught.value.code == "unauthenticated"
    assert KEY.hex() not in str(caught.value)
    assert [path.name for path in desk.folder.iterdir()] == ["lock"]


async def test_a_journal_that_shrank_or_differs_is_refused_and_what_is_held_stays(desk: Desk, wired: Wired) -> None:
    wearable = Wearable(some_bytes(9000))
    await desk.sync(wired(wearable))
    before = desk.held()
    wearable.journal = wearable.journal[:8000]
    with pytest.raises(PullError, match="shrunk at 8000"):
        await desk.sync(wired(wearable))
    wire = wired(Wearable(bytes(before)))
    altered = bytes([before[100] ^ 1])
    first = True

    def answer_for_a_question_not_asked(frame: bytes) -> list[bytes]:
        nonlocal first
        if wire.passed < 6 or not first:
            return [frame]
        first = False
        return [frame, wire.wearable.seal(encode(DATA, position=100, data=altered))]

    wire.spoil = answer_for_a_question_not_asked
    with pytest.raises(PullError, match="differs at 100"):
        await desk.sync(wire, may_leave=lambda: False)
    assert desk.held() == before


@pytest.mark.parametrize(
    "message",
    [
        encode(DATA, position=0, data=b""),
        encode(DATA, position=0, data=bytes(513)),
        encode(
            STATUS,
            epoch=0,
            start=0,
            end=0,
            confirmed=0,
            t_s=0,
            utc_s=0,
            battery_percent=0,
            battery_millivolt=0,
            recording=0,
            session=0,
            firmware=bytes(3),
            fix=0,
            user=0,
            settings_version=0,
            plan_version=0,
            assistance_version=0,
        ),
    ],
)
async def test_messages_that_make_no_sense_end_the_connection(desk: Desk, wired: Wired, message: bytes) -> None:
    wearable = Wearable(b"")
    wire = wired(wearable)
    wire.spoil = lambda frame: [frame] if wire.passed < 6 else [frame, wearable.seal(message)]
    with pytest.raises(PullError, match="malformed at"):
        await desk.sync(wire, may_leave=lambda: False)


@pytest.mark.parametrize("silent_from", [0, 1, 2, 8])
async def test_a_silent_wearable_is_left(desk: Desk, wired: Wired, silent_from: int) -> None:
    wire = wired(Wearable(some_bytes(100)))
    heard = 0

    def fall_silent(frame: bytes) -> list[bytes]:
        nonlocal heard
        heard += 1
        return [frame] if heard <= silent_from else []

    wire.spoil = fall_silent
    with pytest.raises(PullError, match="silent at"):
        await desk.sync(wire, may_leave=lambda: False, most_s=300)


async def test_the_clock_is_set_when_it_is_off_and_only_from_a_sane_clock(desk: Desk, wired: Wired) -> None:
    right = Wearable(b"")
    await desk.sync(wired(right))
    assert right.times_ms == []
    wrong = Wearable(b"")
    wrong.utc_s = 0
    await desk.sync(wired(wrong))
    assert len(wrong.times_ms) == 1
    assert abs(wrong.times_ms[0] - UTC_MS) < 60_000


async def test_what_the_server_confirms_is_told_to_the_wearable_but_never_more_than_is_durable(
    desk: Desk, wired: Wired
) -> None:
    wearable = Wearable(some_bytes(10_000))
    wire = wired(wearable)
    steps = iter([4000, 10_000, 999_999])

    def upload() -> bool:
        position = next(steps, None)
        if position is not None:
            desk.journals()[0].set_uploaded(position)
        return wearable.acks[-1].confirmed == 10_000

    await desk.sync(wire, may_leave=upload)
    confirmed = [ack.confirmed for ack in wearable.acks]
    assert confirmed == sorted(confirmed)
    assert {0, 4000, 10_000} >= set(confirmed)
    assert 10_000 in confirmed
