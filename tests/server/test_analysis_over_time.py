"""Periods, form, evenness, streaks and bests: held against dates, sums by hand and published figures."""

import random
from datetime import date, timedelta

import numpy as np
import pytest
from paceline_server.analysis.periods import KINDS, SUNDAY, first_days
from paceline_server.analysis.personal_bests import improvements
from paceline_server.analysis.streaks import day_streak, week_streak
from paceline_server.analysis.training_form import evenness, training_form

TODAY = date(2026, 5, 14).toordinal()  # a Thursday


@pytest.mark.parametrize("first_weekday", range(7))
def test_periods_are_those_of_the_calendar(first_weekday: int) -> None:
    days = [date(1999, 12, 20) + timedelta(days=number) for number in range(0, 12_000, 3)]
    numbers = np.array([day.toordinal() for day in days])
    found = {kind: first_days(numbers, kind, first_weekday).tolist() for kind in KINDS}
    assert found["month"] == [day.replace(day=1).toordinal() for day in days]
    assert found["year"] == [day.replace(month=1, day=1).toordinal() for day in days]
    assert found["day"] == numbers.tolist() and set(found["all"]) == {0}
    for day, week in zip(days, found["week"], strict=True):
        assert date.fromordinal(week).weekday() == first_weekday and 0 <= day.toordinal() - week < 7


def test_an_even_load_becomes_the_fitness_and_a_single_one_fades() -> None:
    even = training_form(np.full(600, 80.0))
    assert even.fitness[-1] == pytest.approx(80, abs=1e-3) and even.fatigue[-1] == pytest.approx(80)
    assert even.form[-1] == pytest.approx(0, abs=1e-3) and even.ramp[-1] == pytest.approx(0, abs=1e-3)
    assert even.fitness[41] == pytest.approx(80 * (1 - np.exp(-1)))  # after 42 days
    once = training_form(np.concatenate([[100.0], np.zeros(60)]))
    assert once.fatigue[7] == pytest.approx(once.fatigue[0] / np.e)
    assert once.fitness[42] == pytest.approx(once.fitness[0] / np.e)
    assert once.form[0] == 0 and once.form[1] < -10 and once.form[40] > 0  # tired first, then fit
    assert len(training_form(np.empty(0)).form) == 0


def test_form_is_the_sum_over_all_days_before() -> None:
    loads = np.random.default_rng(3).exponential(60, 200)
    found = training_form(loads)
    for day in (0, 5, 6, 199):
        for levels, days in ((found.fitness, 42), (found.fatigue, 7)):
            weights = np.exp(-np.arange(day, -1, -1) / days) * (1 - np.exp(-1 / days))
            assert levels[day] == pytest.approx(weights @ loads[: day + 1])
    assert found.form[6] == pytest.approx(found.fitness[5] - found.fatigue[5])
    assert found.ramp[199] == pytest.approx(found.fitness[199] - found.fitness[192])
    assert found.ramp[3] == found.fitness[3]


def test_a_week_of_the_same_has_no_monotony_and_one_of_ups_and_downs_a_low_one() -> None:
    loads = np.array([300.0, 0, 450, 200, 0, 600, 0, 300])
    found = evenness(loads)
    week = loads[1:8].tolist()
    mean = sum(week) / 7
    deviation = (sum((load - mean) ** 2 for load in week) / 7) ** 0.5
    assert found.monotony[7] == pytest.approx(mean / deviation)
    assert found.strain[7] == pytest.approx(sum(week) * mean / deviation)
    assert np.isnan(found.monotony[:6]).all() and not np.isnan(found.monotony[6])
    assert np.isnan(evenness(np.full(10, 0.1)).monotony).all()
    assert len(evenness(np.empty(0)).strain) == 0


def test_a_streak_lasts_until_the_day_after_is_over() -> None:
    days = np.array([TODAY - 3, TODAY - 2, TODAY - 2, TODAY - 1])
    assert day_streak(days, TODAY) == (3, 3)
    assert day_streak(days, TODAY - 1) == (3, 3)
    assert day_streak(days, TODAY + 1) == (0, 3)
    assert day_streak(np.append(days, TODAY + 400), TODAY) == (3, 3)  # recorded with a wrong clock
    assert day_streak(np.array([], np.int64), TODAY) == (0, 0)
    assert week_streak(np.array([TODAY, TODAY - 7, TODAY - 21]), TODAY) == (2, 2)
    sunday = date(2026, 5, 17).toordinal()
    assert week_streak(np.array([sunday - 7, sunday]), sunday) == (2, 2)
    assert week_streak(np.array([sunday - 1, sunday]), sunday, SUNDAY) == (
        2,
        2,
    )  # Saturday ends a week, Sunday begins one
    assert week_streak(np.array([sunday - 1, sunday]), sunday) == (1, 1)


@pytest.mark.parametrize("seed", range(20))
def test_streaks_are_those_counted_by_hand(seed: int) -> None:
    chance = random.Random(seed)
    days = {TODAY - chance.randrange(60) for _ in range(40)}
    longest = run = 0
    for day in range(TODAY - 60, TODAY + 1):
        run = run + 1 if day in days else 0
        longest = max(longest, run)
    current, day = 0, TODAY if TODAY in days else TODAY - 1
    while day in days:
        current, day = current + 1, day - 1
    assert day_streak(np.array(list(days)), TODAY) == (current, longest)


def test_bests_have_a_history() -> None:
    assert improvements(np.array([1500, 1490, 1495, 1480, 1480])).tolist() == [0, 1, 3]
    assert improvements(np.array([1485, 1500, 1490, 1480])).tolist() == [0, 3]  # with an old run, synced late
    assert improvements(np.array([], np.int64)).tolist() == []
