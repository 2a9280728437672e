"""When a second's evidence becomes steps."""

from wearable.signal.step_evidence import evidence, likely_rate
from wearable.signal.steps import StepCounter

SURE = (12, 300, 200, 120 * 16, 90)  # evidence, peak, level, rate, quality of a second of a walk
STILL = (-12, 10, 5, 0, 0)
DOUBTFUL = (3, 200, 90, 0, 20)


def _after(*seconds: tuple[tuple[int, ...], int]) -> StepCounter:
    counter = StepCounter()
    for values, count in seconds:
        for _ in range(count):
            counter.second(*values)
    return counter


def test_nothing_counts_before_it_is_certain_and_then_everything_does() -> None:
    assert _after((SURE, 8)).steps == 0
    assert _after((SURE, 9)).steps == 18


def test_what_never_becomes_certain_is_dropped() -> None:
    assert _after((SURE, 8), (STILL, 20), (SURE, 8)).steps == 0


def test_seconds_without_movement_hold_no_step() -> None:
    counter = _after((SURE, 30))
    before = counter.steps
    for _ in range(3):
        counter.second(5, 20, 100, 120 * 16, 90)
    assert counter.steps == before and counter.spm == 0


def test_what_comes_after_the_last_step_is_dropped() -> None:
    counter = _after((SURE, 30), ((-3, 200, 90, 0, 20), 60))
    assert not counter.walking and counter.steps == 60


def test_doubt_for_an_hour_is_credited_for_a_minute_at_most() -> None:
    counter = StepCounter()
    for i in range(3600):
        counter.second(3 if i % 2 == 0 else -3, 200, 90, 120 * 16, 20)
    for _ in range(9):
        counter.second(*SURE)
    assert counter.walking and counter.steps <= 2 * 70, counter.steps


def test_the_stride_is_not_taken_for_the_step_of_a_walk_under_way() -> None:
    counter = _after((SURE, 20), ((12, 300, 128, 60 * 16, 93), 5))
    assert abs(counter.spm - 120) <= 1


def test_a_rate_that_is_no_longer_measured_is_not_shown() -> None:
    counter = _after((SURE, 20))
    assert counter.spm == 120
    for _ in range(10):
        counter.second(*DOUBTFUL)
    assert counter.walking and counter.spm == 0


def test_evidence_grows_with_the_rhythm() -> None:
    for level in (60, 90, 120, 200, 300):
        rate = likely_rate(level)
        weights = [evidence(level, 200, 70, rate, quality) for quality in (10, 30, 45, 55, 80)]
        assert weights == sorted(weights), (level, weights)


def test_a_still_wrist_is_evidence_against_a_walk() -> None:
    assert evidence(10, 15, 20, 0, 0) == -12
