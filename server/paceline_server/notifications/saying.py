"""Notices in words. Pure."""

from collections.abc import Sequence
from datetime import date

from paceline_server.analysis.history import Best
from paceline_server.gear.model import Gear
from paceline_server.goals.model import PERIODS, WEIGHT, Goal
from paceline_server.goals.progress import Period
from paceline_server.goals.words import goal_name, goal_unit
from paceline_server.notifications.model import ACHIEVEMENT, BEST, GEAR, GOAL, MILESTONE, Tale
from paceline_server.training.achievements import Achievement, Mark
from paceline_server.words import quantities
from paceline_server.words.dates import named_day
from paceline_server.words.quantities import amount, distance_name, number, value_name
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

_WHEN = {
    "day": N_("on %(day)s"),
    "week": N_("in the week from %(day)s"),
    "month": N_("in the month from %(day)s"),
    "year": N_("in the year from %(day)s"),
    "all": N_("since %(day)s"),
}


def of_goal(goal: Goal, period: Period, value: float) -> Tale:
    """Say that a goal was reached in a period, with how much."""
    unit, scale = goal_unit(goal.metric)
    first = date.fromordinal(period.first)
    done, aim = f"{amount(value / scale)} {unit}", f"{amount(goal.target_value / scale)} {unit}"
    said = _("%(done)s, the aim was %(aim)s", done=done, aim=aim)
    kind = PERIODS[goal.period]
    if goal.metric != WEIGHT:
        said += ", " + _(_WHEN[kind], day=day_name(first))
    return Tale(
        GOAL, f"{goal.goal_id} {first}", _("Goal reached: %(name)s", name=goal_name(goal)), f"{said}.", "/goals"
    )


def of_gear(gear: Gear) -> Tale:
    """Say that gear is worn out; `warned_at_s` is when that was noted."""
    limits = []
    if gear.distance_limit_m:
        limits.append(str(quantities.distance(gear.distance_limit_m)))
    if gear.time_limit_s:
        limits.append(f"{amount(gear.time_limit_s / 3600)} h")
    text = _("It has come to the limit that you set: %(limits)s.", limits=_(" or ").join(limits))
    return Tale(
        GEAR, f"{gear.gear_id} {gear.warned_at_s or 0:.3f}", _("%(name)s is worn out", name=gear.name), text, "/gear"
    )


def of_bests(activity_id: str, bests: Sequence[tuple[str, float, Best, Best]]) -> Tale:
    """Say which bests (sport, metres, the best, the one before) an activity set."""
    lines = [
        _(
            "%(far)s in %(time)s, %(less)s faster than before",
            far=distance_name(metres, sport),
            time=quantities.duration(best.duration_s),
            less=quantities.duration(max(1.0, before.duration_s - best.duration_s)),
        )
        for sport, metres, best, before in sorted(bests, key=lambda each: -each[1])
    ]
    title = _("%(n)s personal bests", n=len(bests)) if len(bests) > 1 else _("A personal best")
    return Tale(BEST, activity_id, title, "; ".join(lines) + ".", f"/activities/{activity_id}")


def of_total(metric: str, mark: float) -> Tale:
    """Say that a total passed a landmark."""
    said = f"{number(mark / 1000)} km" if metric == "distance" else _("%(n)s workouts", n=number(mark))
    return Tale(
        MILESTONE,
        f"{metric} {mark:.0f}",
        _("%(sum)s in all", sum=said),
        _("All your workouts make %(sum)s now.", sum=said),
        "/stats",
    )


def of_achievement(one: Achievement, mark: Mark) -> Tale:
    """Say that a mark of an achievement was reached."""
    title = f"{_(one.rule.title)}: {value_name(mark.value, one.unit)}"
    text = _("That was the last mark.")
    if one.next_value is not None:
        text = _("The next mark is %(mark)s.", mark=value_name(one.next_value, one.unit))
    return Tale(ACHIEVEMENT, f"{one.rule.name} {mark.value:.0f}", title, text, "/achievements")


def of_steps(day: date, mark: float, steps: float) -> Tale:
    """Say that a day's steps passed a landmark."""
    text = _("%(n)s steps so far.", n=number(steps)) if steps > mark else _("Just that many.")
    return Tale(
        MILESTONE, f"steps {day} {mark:.0f}", _("%(n)s steps on %(day)s", n=number(mark), day=day_name(day)), text, "/"
    )


def day_name(day: date) -> str:
    """Say a day like "Friday 10 October"."""
    return named_day(day, year=False)
