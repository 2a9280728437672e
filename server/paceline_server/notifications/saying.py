"""Notices in words. Pure."""

from collections.abc import Sequence
from datetime import date

from paceline_server.analysis.history import Best
from paceline_server.gear.model import Gear
from paceline_server.goals.model import PERIODS, WEIGHT, Goal
from paceline_server.goals.progress import Period
from paceline_server.goals.words import METRICS, goal_name
from paceline_server.notifications.model import ACHIEVEMENT, BEST, GEAR, GOAL, MILESTONE, Tale
from paceline_server.training.achievements import Achievement, Mark
from paceline_server.words import quantities
from paceline_server.words.quantities import amount, distance_name, value_name


def of_goal(goal: Goal, period: Period, value: float) -> Tale:
    """Say that a goal was reached in a period, with how much."""
    _, unit, scale = METRICS[goal.metric]
    first = date.fromordinal(period.first)
    said = f"{amount(value / scale)} {unit}, the aim was {amount(goal.target_value / scale)} {unit}"
    kind = PERIODS[goal.period]
    if goal.metric != WEIGHT:
        said += {"day": ", on ", "all": ", since "}.get(kind, f", in the {kind} from ") + day_name(first)
    return Tale(GOAL, f"{goal.goal_id} {first}", f"Goal reached: {goal_name(goal)}", f"{said}.", "/goals")


def of_gear(gear: Gear) -> Tale:
    """Say that gear is worn out; `warned_at_s` is when that was noted."""
    limits = []
    if gear.distance_limit_m:
        limits.append(str(quantities.distance(gear.distance_limit_m)))
    if gear.time_limit_s:
        limits.append(f"{amount(gear.time_limit_s / 3600)} h")
    text = f"It has come to the limit that you set: {' or '.join(limits)}."
    return Tale(GEAR, f"{gear.gear_id} {gear.warned_at_s or 0:.3f}", f"{gear.name} is worn out", text, "/gear")


def of_bests(activity_id: str, bests: Sequence[tuple[str, float, Best, Best]]) -> Tale:
    """Say which bests (sport, metres, the best, the one before) an activity set."""
    lines = [
        f"{distance_name(metres, sport)} in {quantities.duration(best.duration_s)}, "
        f"{quantities.duration(max(1.0, before.duration_s - best.duration_s))} faster than before"
        for sport, metres, best, before in sorted(bests, key=lambda each: -each[1])
    ]
    title = f"{len(bests)} personal bests" if len(bests) > 1 else "A personal best"
    return Tale(BEST, activity_id, title, "; ".join(lines) + ".", f"/activities/{activity_id}")


def of_total(metric: str, mark: float) -> Tale:
    """Say that a total passed a landmark."""
    said = f"{mark / 1000:,.0f} km" if metric == "distance" else f"{mark:,.0f} workouts"
    return Tale(MILESTONE, f"{metric} {mark:.0f}", f"{said} in all", f"All your workouts make {said} now.", "/stats")


def of_achievement(one: Achievement, mark: Mark) -> Tale:
    """Say that a mark of an achievement was reached."""
    title = f"{one.rule.title}: {value_name(mark.value, one.unit)}"
    text = "That was the last mark."
    if one.next_value is not None:
        text = f"The next mark is {value_name(one.next_value, one.unit)}."
    return Tale(ACHIEVEMENT, f"{one.rule.name} {mark.value:.0f}", title, text, "/achievements")


def of_steps(day: date, mark: float, steps: float) -> Tale:
    """Say that a day's steps passed a landmark."""
    text = f"{steps:,.0f} steps so far." if steps > mark else "Just that many."
    return Tale(MILESTONE, f"steps {day} {mark:.0f}", f"{mark:,.0f} steps on {day_name(day)}", text, "/")


def day_name(day: date) -> str:
    """Say a day like "Friday 10 October"."""
    return f"{day:%A} {day.day} {day:%B}"
