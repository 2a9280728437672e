"""Goals that may be missed, streaks that may end, gear that is nearly worn out.

A goal is at risk when two fifths of its period are over and what was done so far, kept up, comes to less than nine
tenths of it. A streak is about to end when its last day, or the last two days of its week, have come.
"""

from collections.abc import Sequence
from datetime import date

from paceline_server.analysis.streaks import Streak
from paceline_server.gear.service import WornGear
from paceline_server.goals.model import STREAK, WEIGHT
from paceline_server.goals.service import GoalNow, unit_of
from paceline_server.goals.words import GoalNamed
from paceline_server.training.advice import Figure, Kind, Recommendation
from paceline_server.words.quantities import Number
from paceline_server.words.speech import N_, Said

BEGUN, ENOUGH = 0.4, 0.9
LEAST_DAYS, LEAST_WEEKS, LAST_DAYS = 3, 3, 2
NEARLY_WORN = 0.9
_WORN = {
    (True, True): N_("%(name)s are worn out: look for others."),
    (True, False): N_("%(name)s are nearly worn out: look for others."),
    (False, True): N_("%(name)s is worn out: look for others."),
    (False, False): N_("%(name)s is nearly worn out: look for others."),
}


def goals_at_risk(goals: Sequence[GoalNow]) -> list[Recommendation]:
    """Return the goals that will be missed at this rate, those whose period ends first before the others."""
    found = []
    for one in sorted(goals, key=lambda one: (one.period.last, one.goal.goal_id)):
        goal, value = one.goal, one.progress.value
        # A goal without end has no rate at which it is missed; weights and streaks do not add up.
        if goal.metric in (STREAK, WEIGHT) or value is None or one.progress.achieved:
            continue
        if not one.period.first <= one.today <= one.period.last or one.period.last >= date.max.toordinal():
            continue
        days, left = one.period.last - one.period.first + 1, one.period.last - one.today
        over = (one.today - one.period.first) / days  # today is not over
        if over < BEGUN or value >= ENOUGH * over * goal.target_value:
            continue
        missing, unit = goal.target_value - value, unit_of(goal.metric)
        done = {"done": Number(100 * value / goal.target_value), "n": left + 1}
        reason = Said("%(done)s %% is done, and %(n)s days are left.", done)
        if left == 0:
            reason = Said("%(done)s %% is done, and today is the last day.", done)
        figures = (
            Figure(N_("done"), value, unit),
            Figure(N_("target"), goal.target_value, unit),
            Figure(N_("needed a day"), missing / (left + 1), unit),
            Figure(N_("days left"), left + 1, "days"),
        )
        named = {"name": GoalNamed(goal)}
        advice = Said("Your goal “%(name)s” is at risk: do a little more, or choose a smaller one.", named)
        found.append(Recommendation(Kind.GOAL_AT_RISK, "rate", advice, reason, figures, 0.9, about=goal.goal_id))
    return found


def streaks_ending(days: Streak, weeks: Streak, idle_days: int | None, days_left_of_week: int) -> list[Recommendation]:
    """Return the streaks that end when nothing is done; `days_left_of_week` counts today."""
    found = []
    if idle_days == 1 and days.current >= LEAST_DAYS:
        reason = Said("You were active on %(n)s days in a row, and not yet today.", {"n": days.current})
        advice = Said("A short walk today keeps your streak of days.")
        figures = (Figure(N_("days in a row"), days.current, "days"), Figure(N_("longest"), days.longest, "days"))
        found.append(Recommendation(Kind.STREAK_ENDING, "days", advice, reason, figures, 1.0))
    nothing_yet = idle_days is not None and idle_days > 7 - days_left_of_week
    if nothing_yet and weeks.current >= LEAST_WEEKS and days_left_of_week <= LAST_DAYS:
        reason = Said("You were active in %(n)s weeks in a row, and not yet in this one.", {"n": weeks.current})
        advice = Said("A workout before the week is over keeps your streak of weeks.")
        figures = (Figure(N_("weeks in a row"), weeks.current, "weeks"), Figure(N_("longest"), weeks.longest, "weeks"))
        found.append(Recommendation(Kind.STREAK_ENDING, "weeks", advice, reason, figures, 1.0))
    return found


def gear_worn(gear: Sequence[WornGear]) -> list[Recommendation]:
    """Return the gear in use that has nine tenths of a limit behind it, the most worn first."""
    found: list[tuple[float, Recommendation]] = []
    for one in gear:
        worn = one.wear.worn(one.gear)
        if one.gear.retired_on is not None or worn is None or worn < NEARLY_WORN:
            continue
        figures = [Figure(N_("worn"), 100 * worn, "%")]
        if one.gear.distance_limit_m:
            figures += [
                Figure(N_("distance"), one.wear.total_distance_m, "m"),
                Figure(N_("limit"), one.gear.distance_limit_m, "m"),
            ]
        if one.gear.time_limit_s:
            figures += [Figure(N_("time"), one.wear.total_time_s, "s"), Figure(N_("limit"), one.gear.time_limit_s, "s")]
        reason = Said("%(part)s %% of the limit that you set is used up.", {"part": int(100 * worn)})
        advice = Said(_WORN[one.gear.kind == "shoes", worn >= 1], {"name": one.gear.name})
        said = Recommendation(Kind.GEAR_WORN, "limit", advice, reason, tuple(figures), 1.0, about=one.gear.gear_id)
        found.append((-worn, said))
    return [said for _, said in sorted(found, key=lambda each: each[0])]
