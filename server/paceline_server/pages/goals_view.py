"""Goals in words, and as rings."""

from dataclasses import dataclass
from datetime import date

from paceline_server.goals.model import Goal
from paceline_server.goals.progress import Period, Progress
from paceline_server.goals.service import GoalNow
from paceline_server.goals.words import goal_name, goal_unit
from paceline_server.words.dates import short_day
from paceline_server.words.quantities import DASH, amount, entered
from paceline_server.words.speech import gettext as _


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
    unit, scale = goal_unit(goal.metric)
    target = amount(goal.target_value / scale)
    value = found.progress.value
    so_far = DASH if value is None else amount(value / scale)
    return GoalView(
        goal.goal_id,
        goal_name(goal),
        _("%(count)s of %(aim)s", count=so_far, aim=f"{target} {unit}")
        if goal.metric != "weight"
        else _("%(now)s, aim %(aim)s", now=f"{so_far} {unit}", aim=f"{target} {unit}"),
        _percent(goal, found.progress),
        found.progress.achieved,
        _span(found.period, found.today),
        goal.last < found.today,
        entered(goal.target_value / scale, 1),
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
        return _("since %(since)s", since=_day(first))
    last = date.fromordinal(period.last)
    if period.first == period.last:
        return _("today") if period.first == today else _day(first)
    return _("%(low)s to %(high)s", low=_day(first), high=_day(last))


def _day(day: date) -> str:
    return short_day(day)
