"""Streaks: how many periods in a row had something in them."""

from typing import NamedTuple

import numpy as np

from paceline_server.analysis.periods import MONDAY, Days, first_days


class Streak(NamedTuple):
    """Periods in a row: the run that reaches today (or the period before, as today is not over), and the longest."""

    current: int
    longest: int


def day_streak(days: Days, today: int) -> Streak:
    """Return the streak of days; days after today count nothing (a clock was wrong)."""
    return _streak(np.unique(days[days <= today]), today)


def week_streak(days: Days, today: int, first_weekday: int = MONDAY) -> Streak:
    """Return the streak of weeks."""
    weeks = first_days(days[days <= today], "week", first_weekday) // 7
    return _streak(np.unique(weeks), int(first_days(np.array([today]), "week", first_weekday)[0]) // 7)


def _streak(periods: Days, now: int) -> Streak:
    """`periods` rise, without repeats."""
    if len(periods) == 0:
        return Streak(0, 0)
    breaks = np.flatnonzero(np.diff(periods) != 1)
    edges = np.concatenate([[-1], breaks, [len(periods) - 1]])
    runs = np.diff(edges)
    return Streak(int(runs[-1]) if now - periods[-1] <= 1 else 0, int(runs.max()))
