"""The periods of a goal tile its window; progress is a plain sum over them."""

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from paceline_server.analysis.history import history_of
from paceline_server.goals.model import Goal
from paceline_server.goals.progress import Facts, Period, latest_periods, period_at, progress
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
