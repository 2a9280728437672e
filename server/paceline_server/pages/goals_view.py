"""Goals in words, and as rings."""

from dataclasses import dataclass
from datetime import date

from paceline_server.goals.model import Goal
from paceline_server.goals.progress import Period, Progress
from paceline_server.goals.service import GoalNow
from paceline_server.pages.quantities import DASH

METRICS = {
    "distance": ("Distance", "km", 1000.0),
    "time": ("Time", "h", 3600.0),
    "count": ("Workouts", "workouts", 1.0),
    "calories": ("Energy of workouts", "kcal", 1.0),
    "ascent": ("Climb", "m", 1.0),
    "volume": ("Lifted", "kg", 1.0),
    "steps": ("Steps", "steps", 1.0),
    "active_minutes": ("Active minutes", "min", 1.0),
    "floors": ("Floors", "floors", 1.0),
    "streak": ("Days in a row", "days", 1.0),
    "weight": ("Weight", "kg", 1.0),
}
"""Of each metric: its name, the unit in which people say it, and how many of the goal's own unit that is."""
PERIODS = {"daily": "a day", "weekly": "a week", "monthly": "a month", "yearly": "a year", "total": "in all"}


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal on a page; `percent` is how much of the ring is filled."""

    goal_id: str
    name: str
    said: str
    percent: int
    achieved: bool
    span: str
    ended: bool
    target: str
    unit: str


def goal_view(found: GoalNow) -> GoalView:
    """Return a goal in words."""
    goal = found.goal
    _, unit, scale = METRICS[goal.metric]
    target = amount(goal.target_value / scale)
    value = found.progress.value
    so_far = DASH if value is None else amount(value / scale)
    return GoalView(
        goal.goal_id,
        goal_name(goal),
        f"{so_far} of {target} {unit}" if goal.metric != "weight" else f"{so_far} {unit}, aim {target} {unit}",
        _percent(goal, found.progress),
        found.progress.achieved,
        _span(found.period, found.today),
        goal.last < found.today,
        target,
        unit,
    )


def amount(value: float) -> str:
    """Say a number with one decimal where it has one, and with thousands."""
    rounded = round(value, 1)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def goal_name(goal: Goal) -> str:
    """Return a goal's title, or what it is about."""
    name = METRICS[goal.metric][0]
    if goal.title:
        return goal.title
    of_sport = f", {goal.sport}" if goal.sport else ""
    if goal.metric in ("streak", "weight"):
        return name + of_sport
    return f"{name} {PERIODS[goal.period]}{of_sport}"


def _percent(goal: Goal, so_far: Progress) -> int:
    if so_far.achieved:
        return 100
    if so_far.value is None or goal.metric == "weight":
        return 0
    return max(0, min(99, int(100 * so_far.value / goal.target_value)))


def _span(period: Period, today: int) -> str:
    first = date.fromordinal(period.first)
    if period.last >= date.max.toordinal():
        return f"since {_day(first)}"
    last = date.fromordinal(period.last)
    if period.first == period.last:
        return "today" if period.first == today else _day(first)
    return f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
