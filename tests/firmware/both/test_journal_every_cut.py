"""The power is cut at every flash operation of a workout: it boots, loses 30 s at most, and never a sealed page."""

import sys

from firmware.cut_workout import BLOCKS, LAST_S, FailingBoot, Moment, Story, ride_on
from firmware.nor_flash import BLOCK, Dice
from firmware.wearable_bench import WearableBench
from wearable.recorder import IDLE

LOSS_S = 30
ON_MICROPYTHON = sys.implementation.name == "micropython"
EVERY = 12 if ON_MICROPYTHON else 1
ERASE_SEEDS = (1, 2, 3, 4, 5)  # an erasing may stop in many ways

_told: "list[Story]" = []


def _story() -> Story:
    if not _told:
        _told.append(Story(BLOCKS, EVERY))
        _told.append(Story(4 * BLOCKS, LAST_S))
    return _told[0]


def _expected() -> "list[tuple[int, ...]]":
    """Return every sample of the workout, from a ring that holds it all."""
    _story()
    return _told[1].samples()


def _check(bench: WearableBench, moment: Moment, expected: "list[tuple[int, ...]]") -> None:
    flash = bench.flash
    newest = bench.journal.end // BLOCK
    first = bench.journal.start // BLOCK
    assert first <= max(0, newest - BLOCKS + 2), "a page is gone that nobody needed"
    touched = moment.operation[0]
    for number in range(first, moment.newest):
        at = number % BLOCKS * BLOCK
        if number % BLOCKS != touched and number > newest - BLOCKS:
            assert flash.cells[at : at + BLOCK] == moment.cells[at : at + BLOCK], "a sealed page has changed"
    _, samples, reader = bench.read()
    assert [problem.code for problem in reader.problems if problem.code != "torn"] == []
    assert reader.sealed_until >= newest * BLOCK
    given = [sample for sample in expected if sample[0] <= moment.second]
    if samples:
        begin = given.index(samples[0])
        held = len(samples)
        assert given[begin : begin + held] == samples, "a sample is missing or altered"
        assert first == 0 or begin > 0
        assert len(given) - begin - held <= LOSS_S
        assert begin == 0 or first > 0
    elif newest <= moment.newest + BLOCKS - 2:  # torn pages, each left by a boot, may have taken the whole small ring
        assert len(given) <= LOSS_S
    if moment.recording:
        assert bench.recorder.state != IDLE and bench.recorder.session == 1
    assert flash.violations == 0


def _go_on(bench: WearableBench) -> None:
    """The next 40 seconds are recorded as if nothing had been."""
    if bench.recorder.state == IDLE:
        bench.recorder.start(1, 2)
    elif bench.recorder.state != 1:
        bench.recorder.resume(1)
    before = bench.clock.t_s()
    dice = Dice(23)
    for second in range(LAST_S + 1, LAST_S + 41):
        ride_on(bench, second, dice)
    _, samples, reader = bench.read()
    assert [sample[0] - before for sample in samples[-39:]] == list(range(2, 41))
    assert [problem.code for problem in reader.problems if problem.code != "torn"] == []
    assert bench.flash.violations == 0


def test_the_workout_wraps_the_ring_and_wears_it_evenly() -> None:
    story = _story()
    erases = story.flash.erases
    assert story.newest() > BLOCKS + 1, "the ring did not wrap for long"
    assert max(erases) - min(erases) <= 1
    # The ideal: whole pages of what was programmed, behind their headers.
    ideal = story.flash.programmed / BLOCK
    assert sum(erases) <= 1.05 * ideal + 1, (sum(erases), ideal)


def test_a_cut_at_every_operation_loses_30_s_at_most_and_no_sealed_page() -> None:
    expected = _expected()
    for index, moment in enumerate(_story().moments):
        for seed in ERASE_SEEDS if moment.operation[1] is None else (index,):
            bench = WearableBench(BLOCKS, *moment.cut(seed))
            _check(bench, moment, expected)
            if index % 3 == 0:
                _go_on(bench)


def test_a_second_cut_while_it_boots_changes_nothing() -> None:
    expected = _expected()
    for moment in _story().moments[::7]:
        for operation in range(5):
            flash, nvs = moment.cut(operation + 5)
            failing = FailingBoot(flash, operation)
            try:
                WearableBench(BLOCKS, failing, nvs)
            except OSError:
                failing.flash.violations = 0
            _check(WearableBench(BLOCKS, failing.flash, nvs), moment, expected)
