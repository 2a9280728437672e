"""The periods of a goal tile its window; progress is a plain sum over them."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from paceline_server.analysis.history import history_of
from paceline_server.goals.model import Goal
from paceline_server.goals.progress import Facts, Period, following, latest_periods, period_at, progress
from paceline_server.stats.model import Sums

OWNER, GOAL = "0199c000-0000-7000-8000-00000000000a", "0199c000-0000-7000-8000-00000000000b"


def goal_of(metric: str, period: str, target: float, start: date, end: date | None = None, weekday: int = 0) -> Goal:
    last = end.isoformat() if end else None
    return Goal(OWNER, GOAL, None, metric, period, None, target, start.isoformat(), last, weekday, "", 0.0)


def sums(day: int, metres: float) -> Sums:
    return Sums(OWNER, f"{day}-{metres}", 0.0, 0, day, "running", "file", round(100 * metres), 0, 0, 0, 0, b"", b"")


def test_periods_tile_the_window_of_any_goal() -> None:
    chance = random.Random(2)
    for _ in range(120):
        start = date(2024, 1, 1) + timedelta(days=chance.randint(0, 700))
        end = start + timedelta(days=chance.randint(0, 500))
        kind = chance.choice(["daily", "weekly", "monthly", "yearly", "total"])
        goal = goal_of("count", kind, 1, start, end, chance.randint(0, 6))
        periods = latest_periods(goal, goal.last + 10, 1000)[::-1]
        assert periods[0].first == goal.first and periods[-1].last == goal.last
        assert all(after.first == before.last + 1 for before, after in pairwise(periods))
        day = chance.randint(goal.first, goal.last)
        (has,) = (period for period in periods if period.first <= day <= period.last)
        assert period_at(goal, day) == has
        assert period_at(goal, goal.first - 5) == periods[0] and period_at(goal, goal.last + 5) == periods[-1]


def test_weeks_follow_the_profile_from_the_next_period_on_and_what_was_stays() -> None:
    """Whatever is said when, also again and again, periods tile; those that have begun never change."""
    chance = random.Random(5)
    for _ in range(60):
        goal = replace(goal_of("count", "weekly", 1, date(2024, 1, 1), None, chance.randint(0, 6)), later_weekdays="")
        today, begun = goal.first, [period_at(goal, goal.first)]
        for _ in range(12):
            weekday = chance.randint(0, 6)
            goal = following(goal, weekday, today)
            assert following(goal, weekday, today) == goal and goal.weekday == weekday
            assert latest_periods(goal, today, 400)[::-1] == begun
            assert all(one.weekday_changes == goal.weekday_changes for one in (following(goal, weekday, today + 40),))
            today += chance.choice([0, 1, 3, 8, 20])
            begun = latest_periods(goal, today, 400)[::-1]
            assert all(after.first == before.last + 1 for before, after in pairwise(begun))
            assert all(4 <= one.last - one.first + 1 <= 10 for one in begun[1:])
        coming = latest_periods(goal, today + 60, 400)[:5]
        assert {date.fromordinal(one.first).weekday() for one in coming} == {goal.weekday}
        ending = replace(goal, end_date=date.fromordinal(begun[-1].last).isoformat())
        assert period_at(following(ending, (goal.weekday + 1) % 7, today), today) == begun[-1]


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [(0, 6, 6), (6, 0, 8), (0, 5, 5), (5, 0, 9), (0, 3, 10), (0, 4, 4)],
)
def test_the_one_period_between_is_of_four_to_ten_days(before: int, after: int, days: int) -> None:
    goal = replace(goal_of("count", "weekly", 1, date(2026, 11, 2), None, before), later_weekdays="")
    today = date(2026, 11, 18).toordinal()
    now = period_at(goal, today)
    later = following(goal, after, today)
    between = period_at(later, now.last + 1)
    assert period_at(later, today) == now and between == Period(now.last + 1, now.last + days)
    assert following(later, before, now.last) == goal, "taken back before it came"
    assert following(later, before, now.last + 1) != goal
    assert following(replace(goal, later_weekdays=None), after, today).weekday == before, "a day that was named stays"
    assert following(goal, after, goal.first - 9) == replace(goal, first_weekday=after), "not begun yet"


def test_progress_is_the_sum_of_what_lies_in_the_period() -> None:
    chance = random.Random(4)
    start = date(2025, 1, 1)
    for _ in range(60):
        rows = [sums(start.toordinal() + chance.randint(-40, 400), chance.randint(0, 9000) / 10) for _ in range(30)]
        today = start.toordinal() + chance.randint(0, 380)
        facts = Facts(history_of(rows), today)
        goal = goal_of("distance", chance.choice(["weekly", "monthly"]), 1500, start, weekday=chance.randint(0, 6))
        for period in latest_periods(goal, today, 100):
            lies = [row for row in rows if period.first <= row.day <= min(period.last, today)]
            expected = sum(row.distance_cm for row in lies) / 100
            found = progress(goal, period, facts)
            assert found.value == pytest.approx(expected) and found.achieved == (expected >= 1500)


@pytest.mark.parametrize(
    ("target", "weights", "value", "achieved"),
    [
        (60, [], None, False),
        (60, [(-5, 65), (3, 61)], 61, False),
        (60, [(-5, 65), (3, 59.5)], 59.5, True),
        (60, [(-5, 65), (2, 59.5), (3, 60.5)], 60.5, False),
        (70, [(-5, 65), (3, 70.2)], 70.2, True),
        (70, [(2, 65), (3, 69)], 69, False),
        (60, [(-5, 65), (30, 55)], 65, False),  # not yet
    ],
)
def test_a_weight_is_reached_from_where_it_began(
    target: float, weights: list[tuple[int, float]], value: float | None, achieved: bool
) -> None:
    goal = goal_of("weight", "total", target, date(2025, 1, 1))
    known = [(goal.first + day, kg) for day, kg in weights]
    facts = Facts(history_of([]), goal.first + 10, weights=known)
    assert progress(goal, Period(goal.first, goal.last), facts) == (value, achieved)
