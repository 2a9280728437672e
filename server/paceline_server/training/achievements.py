"""Achievements: declared rules with marks, each with when it was reached, and how far the next one is. Pure.

They follow from the activities that there are: one that is deleted takes with it what it brought about, one that comes
late is counted on its own day. Nothing is kept, so nothing can drift.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from paceline_server.analysis.history import METRICS, History
from paceline_server.analysis.streaks import day_streak, week_streak
from paceline_server.analysis.tiers import Reached, reached_by_most, reached_by_sum, reached_in_row
from paceline_server.stats.service import Standing
from paceline_server.words.speech import N_

SUM, MOST, DAYS, WEEKS = "sum", "most", "days", "weeks"
COUNT = "count"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of rising marks in the metric's unit (m, s, workouts; days or weeks in a row), of one sport or of all.

    `way` says what reaches a mark: the sum of all, the most of one activity, or days or weeks in a row.
    """

    name: str
    title: str
    way: str
    metric: str
    marks: tuple[float, ...]
    sport: str | None = None


def _km(*marks: float) -> tuple[float, ...]:
    return tuple(1000.0 * km for km in marks)


RULES = (
    Rule("distance", N_("Distance in all"), SUM, "distance", _km(100, 500, 1000, 5000, 10_000, 40_075)),
    Rule("workouts", N_("Workouts"), SUM, COUNT, (1, 10, 50, 100, 365, 1000)),
    Rule("time", N_("Time moved"), SUM, "time", tuple(3600.0 * hours for hours in (10, 50, 100, 500, 1000))),
    Rule("climb", N_("Climb in all"), SUM, "ascent", (1000, 8849, 50_000, 100_000, 384_400)),
    Rule("lifted", N_("Lifted in all"), SUM, "volume", (1000, 10_000, 100_000, 1_000_000)),
    Rule("days", N_("Days in a row"), DAYS, COUNT, (3, 7, 14, 30, 100, 365)),
    Rule("weeks", N_("Weeks in a row"), WEEKS, COUNT, (4, 12, 26, 52, 104)),
    Rule("run", N_("Longest run"), MOST, "distance", (5000, 10_000, 21_097.5, 42_195, 50_000, 100_000), "running"),
    Rule("ride", N_("Longest ride"), MOST, "distance", _km(25, 50, 100, 160.934, 200, 300), "cycling"),
    Rule("swim", N_("Longest swim"), MOST, "distance", (500, 1000, 1500, 3000, 5000, 10_000), "swimming"),
    Rule("hike", N_("Longest hike"), MOST, "distance", (5000, 10_000, 20_000, 30_000, 50_000), "hiking"),
    Rule("summit", N_("Most climb at once"), MOST, "ascent", (250, 500, 1000, 1500, 2000, 3000)),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark, and the activity and its day (as date.toordinal() counts) that reached it; None: not yet."""

    value: float
    activity_id: str | None
    day: int | None


@dataclass(frozen=True, slots=True)
class Achievement:
    """How far somebody is by a rule; `value` is in the metric's unit, `next_value` None when all marks are reached."""

    rule: Rule
    value: float
    marks: tuple[Mark, ...]
    next_value: float | None

    @property
    def unit(self) -> str:
        """The unit of values and marks; "" for workouts."""
        if self.rule.way in (DAYS, WEEKS):
            return self.rule.way
        return METRICS[self.rule.metric][2] if self.rule.metric in METRICS else ""


def achievements(history: History, today: int, rules: Sequence[Rule] = RULES) -> list[Achievement]:
    """Return how far each rule is; activities after today count nothing, as their clock was wrong."""
    return [_achievement(history, today, rule) for rule in rules]


def achievements_of(standing: Standing) -> list[Achievement]:
    """Return the achievements of somebody, as they were made before when nothing has changed."""
    return standing.kept("achievements", lambda each: achievements(each.history, each.today))


def _achievement(history: History, today: int, rule: Rule) -> Achievement:
    chosen = history.until(today, rule.sport)
    rows = chosen.nonzero()[0]
    value, places = _reached(history, today, rule)
    marks = []
    for mark, place in zip(rule.marks, places, strict=True):
        row = None if place is None else int(rows[place])
        day = None if row is None else int(history.day[row])
        marks.append(Mark(float(mark), None if row is None else history.activity_ids[row], day))
    following = next((mark.value for mark in marks if mark.day is None), None)
    return Achievement(rule, value, tuple(marks), following)


def _reached(history: History, today: int, rule: Rule) -> tuple[float, Reached]:
    chosen = history.until(today, rule.sport)
    days = history.day[chosen]
    if rule.way in (DAYS, WEEKS):
        streak = day_streak(days, today) if rule.way == DAYS else week_streak(days, today)
        in_order = days.argsort(kind="stable")
        places = reached_in_row(days[in_order], rule.marks, weeks=rule.way == WEEKS)
        return float(streak.longest), [None if place is None else int(in_order[place]) for place in places]
    if rule.metric == COUNT:
        count = int(chosen.sum())
        return float(count), [int(mark) - 1 if mark <= count else None for mark in rule.marks]
    column, scale, _ = METRICS[rule.metric]
    values = history.sums[column][chosen]
    marks = [mark * scale for mark in rule.marks]
    if rule.way == SUM:
        return int(values.sum()) / scale, reached_by_sum(values, marks)
    return (int(values.max()) / scale if len(values) else 0.0), reached_by_most(values, marks)
