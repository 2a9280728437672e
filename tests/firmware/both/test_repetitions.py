"""Repetitions counted in made-up motion; nobody's exercise was recorded."""

from firmware.made_motion import Motion
from firmware.nor_flash import Dice
from wearable.signal.repetitions import Repetitions


def _counted(motion: Motion) -> int:
    repetitions = Repetitions()
    for sample in motion.samples:
        repetitions.put(*sample)
    return repetitions.count


def _set(seed: int = 1, fumble_s: int = 0) -> Motion:
    motion = Motion(seed)
    motion.fumble(fumble_s)
    motion.rest(2)
    return motion


def test_curls_of_every_speed_are_counted() -> None:
    for period_s in (1.2, 2.0, 3.0, 4.5):
        for pause_s in (0.0, 0.5, 1.5):
            for count in (5, 10, 20):
                for fumble_s, wrong in ((0, 1), (2, 2)):
                    motion = _set(count, fumble_s)
                    motion.curls(count, period_s, pause_s)
                    motion.rest(3)
                    counted = _counted(motion)
                    assert abs(counted - count) <= wrong, (period_s, pause_s, count, fumble_s, counted)


def test_presses_count_once_though_they_speed_up_twice() -> None:
    for move_s, top_s, bottom_s, way_m in ((0.7, 0.0, 0.3, 0.4), (0.8, 0.4, 0.6, 0.5), (1.2, 1.0, 1.0, 0.6)):
        for count in (5, 8, 12):
            motion = _set(count)
            motion.presses(count, move_s, top_s, bottom_s, way_m)
            motion.rest(3)
            assert abs(_counted(motion) - count) <= 1, (move_s, count, _counted(motion))
            hasty = _set(count, fumble_s=2)
            hasty.presses(count, move_s, top_s, bottom_s, way_m)
            assert _counted(hasty) <= count + 1, "quick ones right behind larger movement may be missed, never made up"


def test_a_breather_in_the_middle_of_a_set_loses_nothing() -> None:
    motion = _set()
    motion.curls(6)
    motion.rest(15)
    motion.curls(5)
    motion.rest(2)
    assert abs(_counted(motion) - 11) <= 1, _counted(motion)


def test_the_count_is_live() -> None:
    motion = _set()
    motion.curls(10, 2.5, 0.5)
    repetitions = Repetitions()
    seen = []
    for sample in motion.samples:
        repetitions.put(*sample)
        if repetitions.count and (not seen or seen[-1] != repetitions.count):
            seen.append(repetitions.count)
    assert seen == list(range(seen[0], seen[-1] + 1)) and seen[0] <= 4


def test_what_does_not_repeat_is_not_counted() -> None:
    motion = Motion()
    motion.rest(60)
    assert _counted(motion) == 0
    few = Motion()
    few.rest(5)
    few.curls(2)
    few.rest(20)
    assert _counted(few) == 0, "two are no rhythm"


def test_fumbling_counts_little() -> None:
    for seed in range(5):
        motion = Motion(seed)
        motion.fumble(60)
        assert _counted(motion) <= 12, _counted(motion)


def test_any_sample_is_taken() -> None:
    dice = Dice(3)
    repetitions = Repetitions()
    for i in range(20_000):
        extreme = i // 50 % 3
        if extreme == 0:
            repetitions.put(-32768, 32767, -32768)
        elif extreme == 1:
            repetitions.put(0, 0, 0)
        else:
            repetitions.put(dice.below(65536) - 32768, dice.below(65536) - 32768, dice.below(65536) - 32768)
    assert 0 <= repetitions.count < 2_000
