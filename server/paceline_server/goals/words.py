"""Goals in words."""

from dataclasses import dataclass

from paceline_server.goals.model import Goal
from paceline_server.words import quantities
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _
from paceline_server.words.sports import sport_name

METRICS = {
    "distance": (N_("Distance"), "km", 1000.0),
    "time": (N_("Time"), "h", 3600.0),
    "count": (N_("Workouts"), N_("workouts"), 1.0),
    "calories": (N_("Energy of workouts"), "kcal", 1.0),
    "ascent": (N_("Climb"), "m", 1.0),
    "volume": (N_("Lifted"), "kg", 1.0),
    "steps": (N_("Steps"), N_("steps"), 1.0),
    "active_minutes": (N_("Active minutes"), "min", 1.0),
    "floors": (N_("Floors"), N_("floors"), 1.0),
    "streak": (N_("Days in a row"), N_("days"), 1.0),
    "weight": (N_("Weight"), "kg", 1.0),
}
"""Of each metric: its name, the unit in which people say it, and how many of the goal's own unit that is."""
PERIODS = {
    "daily": N_("a day"),
    "weekly": N_("a week"),
    "monthly": N_("a month"),
    "yearly": N_("a year"),
    "total": N_("in all"),
}
_NAMES = {
    "daily": N_("%(metric)s a day"),
    "weekly": N_("%(metric)s a week"),
    "monthly": N_("%(metric)s a month"),
    "yearly": N_("%(metric)s a year"),
    "total": N_("%(metric)s in all"),
}
_KINDS = {"distance": "distance", "ascent": "height", "volume": "weight", "weight": "weight"}


@dataclass(frozen=True, slots=True)
class GoalNamed:
    """A goal's name, said only when it is read."""

    goal: Goal

    def __str__(self) -> str:
        return goal_name(self.goal)


def goal_unit(metric: str) -> tuple[str, float]:
    """Return the unit in which the reader says a metric, and how many of the goal's own unit that is."""
    kind = _KINDS.get(metric)
    if kind is not None:
        return quantities.unit(kind), quantities.unit_si(kind)
    unit, size = METRICS[metric][1:]
    return _(unit), size


def goal_name(goal: Goal) -> str:
    """Return a goal's title, or what it is about."""
    name = _(METRICS[goal.metric][0])
    if goal.title:
        return goal.title
    of_sport = f", {sport_name(goal.sport)}" if goal.sport else ""
    if goal.metric in ("streak", "weight"):
        return name + of_sport
    return _(_NAMES[goal.period], metric=name) + of_sport
