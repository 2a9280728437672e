"""Goals in words, and as rings."""

from dataclasses import dataclass
from datetime import date

from paceline_server.goals.model import Goal
from paceline_server.goals.progress import Period, Progress
from paceline_server.goals.service import GoalNow
from paceline_server.goals.words import METRICS, goal_name
from paceline_server.words.quantities import DASH, amount


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
