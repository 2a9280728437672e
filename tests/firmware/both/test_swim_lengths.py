"""Lengths of a pool in made-up motion; no swimmer was recorded."""

from firmware.made_motion import RATE_HZ, Motion
from firmware.nor_flash import Dice
from wearable.signal.swim_lengths import SwimLengths


def _swum(motion: Motion, pool_cm: int = 2500) -> "list[tuple[float, int, int]]":
    """Return (second at which it ended, its tenths of a second, strokes) of each length."""
    swim = SwimLengths(pool_cm)
    found = []
    for number, sample in enumerate(motion.samples):
        if swim.put(*sample):
            found.append((number / RATE_HZ - swim.ago_s, swim.duration_ds, swim.strokes))
    return found


def _lanes(
    count: int, strokes: int, period_s: float, turn_s: float = 3.5, end_s: int = 20
) -> "tuple[Motion, list[float]]":
    motion = Motion()
    motion.rest(20)
    walls = []
    for number in range(count):
        if number:
            motion.tumble(turn_s)
        motion.crawl(strokes, period_s, turn_s)
        walls.append(motion.seconds)
    motion.rest(end_s)
    return motion, walls


def test_every_length_of_crawl_is_found() -> None:
    for strokes, period_s in ((8, 1.4), (10, 1.6), (12, 1.2), (14, 2.0)):
        motion, walls = _lanes(8, strokes, period_s)
        found = _swum(motion)
        assert len(found) == 8, (strokes, period_s, found)
        for (ended_s, tenths, counted), wall_s in zip(found, walls):  # noqa: B905 (MicroPython)
            assert abs(ended_s - wall_s) <= 4, (ended_s, wall_s)
            assert abs(counted - strokes) <= 2, (counted, strokes)
            assert abs(tenths / 10 - (strokes * period_s + 3.5)) <= 4, tenths


def test_durations_add_up_to_the_time_swum() -> None:
    motion, walls = _lanes(10, 10, 1.5)
    total_s = sum(tenths for _, tenths, _ in _swum(motion)) / 10
    assert abs(total_s - (walls[-1] - 20)) <= 5


def test_breaststroke_with_a_glide_in_every_stroke() -> None:
    motion = Motion()
    motion.rest(15)
    for _ in range(6):
        motion.breaststroke(9)
        motion.tumble(3)
    motion.rest(20)
    assert len(_swum(motion)) == 6, _swum(motion)


def test_rests_at_the_wall_are_not_swum() -> None:
    motion = Motion()
    motion.rest(10)
    for _ in range(4):
        motion.crawl(10)
        motion.rest(40)
    found = _swum(motion)
    assert len(found) == 4
    for _, tenths, _ in found:
        assert 140 <= tenths <= 220, tenths


def test_goggles_in_the_middle_of_the_pool_are_no_wall() -> None:
    motion, _ = _lanes(3, 10, 1.5, end_s=0)
    motion.tumble()
    motion.crawl(4)
    motion.rest(5)
    motion.crawl(6, turn_s=1.0)
    motion.tumble()
    motion.crawl(10)
    motion.rest(20)
    assert len(_swum(motion)) == 5, _swum(motion)


def test_a_long_pool_needs_long_lengths() -> None:
    motion, _ = _lanes(6, 10, 1.5)
    assert len(_swum(motion, pool_cm=5000)) <= 3, "nobody swims 50 m in 19 s"


def test_drying_and_walking_about_is_no_length() -> None:
    motion = Motion()
    motion.fumble(240)
    assert len(_swum(motion)) <= 4, _swum(motion)
    still = Motion()
    still.rest(120)
    assert _swum(still) == []


def test_the_rate_is_shown_while_swimming() -> None:
    swim = SwimLengths(2500)
    motion = Motion()
    motion.rest(10)
    motion.crawl(12, period_s=1.5)
    for sample in motion.samples:
        swim.put(*sample)
    assert swim.swimming and abs(swim.spm - 40) <= 4, swim.spm
    motion = Motion()
    motion.rest(15)
    for sample in motion.samples:
        swim.put(*sample)
    assert not swim.swimming and swim.spm == 0


def test_any_sample_is_taken() -> None:
    dice = Dice(3)
    swim = SwimLengths(2500)
    for i in range(20_000):
        if i // 50 % 2:
            swim.put(-32768, 32767, -32768)
        else:
            swim.put(dice.below(65536) - 32768, dice.below(65536) - 32768, dice.below(65536) - 32768)
    assert 0 <= swim.strokes <= 255
