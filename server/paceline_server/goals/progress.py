"""The rules of goals: which periods there are, and how far a goal is in one; pure. Days count as date.toordinal()."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from paceline_server.analysis.history import History
from paceline_server.analysis.periods import first_day
from paceline_server.analysis.streaks import day_streak
from paceline_server.goals.model import OF_ACTIVITIES, OF_DAYS, PERIODS, STREAK, Goal, said_changes

_BEYOND = {"day": 1, "month": 31, "year": 366}  # days after a first day that lie in the next period
_SHORTEST_DAYS = 4  # of the one period between weeks that begin on different days: at most 10
_NEARLY = 1e-6


class Period(NamedTuple):
    """The days from the first to the last."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What goals are judged by: finished activities, values of days by metric, weights as (day, kg), what day it is."""

    history: History
    today: int
    days: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    weights: Sequence[tuple[int, float]] = ()


class Progress(NamedTuple):
    """How far a goal is, None when nothing is known, and whether that is reached."""

    value: float | None
    achieved: bool


def period_at(goal: Goal, day: int) -> Period:
    """Return the goal's period that has a day; the first one before the goal begins, the last one after it ended.

    Periods are those of the calendar, cut to the days of the goal.
    """
    kind = PERIODS[goal.period]
    if kind == "all":
        return Period(goal.first, goal.last)
    within = min(max(day, goal.first), goal.last)
    if kind == "week":
        found = _week(goal, within)
    else:
        start = first_day(within, kind)
        found = Period(start, first_day(start + _BEYOND[kind], kind) - 1)
    return Period(max(found.first, goal.first), min(found.last, goal.last))


def following(goal: Goal, weekday: int, today: int) -> Goal:
    """Return the goal with weeks that begin on the profile's weekday from its next period on; itself where they do.

    The period under way and those before it stay as they are. The next one begins when this one ends, and is the one of
    4 to 10 days that ends where a week of the new kind begins.
    """
    if goal.later_weekdays is None or goal.period != "weekly":
        return goal
    if today < goal.first:
        return replace(goal, first_weekday=weekday, later_weekdays="")
    begun = tuple(one for one in goal.weekday_changes if one[0] <= today)
    found = replace(goal, later_weekdays=said_changes(begun))
    if found.weekday == weekday:
        return found
    first = _week(found, today).last + 1
    return replace(goal, later_weekdays=said_changes((*begun, (first, weekday)))) if first <= goal.last else found


def _week(goal: Goal, day: int) -> Period:
    """Return the week of a day, beyond the goal's own days where it goes beyond them."""
    begun = [one for one in goal.weekday_changes if one[0] <= day]
    first, weekday = begun[-1] if begun else (0, goal.first_weekday)
    whole = first_day(first + _SHORTEST_DAYS + 6, "week", weekday)
    if begun and day < whole:
        return Period(first, whole - 1)
    start = first_day(day, "week", weekday)
    return Period(start, start + 6)


def latest_periods(goal: Goal, today: int, most: int) -> list[Period]:
    """Return the goal's periods that have begun, the latest first."""
    found: list[Period] = []
    day = min(today, goal.last)
    while day >= goal.first and len(found) < most:
        found.append(period_at(goal, day))
        day = found[-1].first - 1
    return found


def progress(goal: Goal, period: Period, facts: Facts) -> Progress:
    """Return how far the goal is in a period, by what is known now; days to come count nothing."""
    until = min(period.last, facts.today)
    if goal.metric in OF_DAYS:
        known = facts.days.get(goal.metric, {})
        return _at_least(goal, sum(value for day, value in known.items() if period.first <= day <= until))
    chosen = facts.history.until(until, goal.sport) & (facts.history.day >= period.first)
    if goal.metric in OF_ACTIVITIES:
        return _at_least(goal, facts.history.total(goal.metric, chosen))
    if goal.metric == STREAK:
        streak = day_streak(facts.history.day[chosen], until)
        return Progress(float(streak.current), streak.longest >= goal.target_value)
    return _weight(goal, period, until, facts.weights)


def _at_least(goal: Goal, value: float) -> Progress:
    return Progress(round(value, 3), value + _NEARLY >= goal.target_value)


def _weight(goal: Goal, period: Period, until: int, weights: Sequence[tuple[int, float]]) -> Progress:
    known = sorted(one for one in weights if one[0] <= until)
    if not known:
        return Progress(None, False)
    before = [kg for day, kg in known if day <= period.first]
    began_kg = before[-1] if before else known[0][1]
    now_kg = known[-1][1]
    down = goal.target_value <= began_kg
    return Progress(now_kg, now_kg <= goal.target_value + _NEARLY if down else now_kg + _NEARLY >= goal.target_value)
