"""All recommendations out of what is known of somebody. Pure: the same facts give the same advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from paceline_server.analysis.history import Athletes, History
from paceline_server.analysis.periods import MONDAY, first_day
from paceline_server.analysis.race_form import race_form
from paceline_server.analysis.recent_training import recent_training
from paceline_server.analysis.resting_trend import resting_trend
from paceline_server.analysis.streaks import day_streak, week_streak
from paceline_server.gear.service import WornGear
from paceline_server.goals.service import GoalNow
from paceline_server.training.advice import Kind, Recommendation
from paceline_server.training.load_rules import load_warnings, rest_advice
from paceline_server.training.session_rules import next_session, pace_and_zones
from paceline_server.training.standing_rules import gear_worn, goals_at_risk, streaks_ending


@dataclass(frozen=True, slots=True)
class Known:
    """What advice is given by; `resting_bpm` are resting heart rates by day, the days as date.toordinal() counts."""

    history: History
    athletes: Athletes
    today: int
    resting_bpm: Mapping[int, float] = field(default_factory=dict)
    goals: Sequence[GoalNow] = ()
    gear: Sequence[WornGear] = ()
    first_weekday: int = MONDAY


def recommendations(known: Known) -> list[Recommendation]:
    """Return what to say, the most pressing first."""
    history, today = known.history, known.today
    athlete = known.athletes[-1][1]
    recent = recent_training(history, known.athletes, today)
    form = race_form(history, today)
    warnings = load_warnings(recent)
    resting = rest_advice(recent, resting_trend(known.resting_bpm, today))
    less = bool(resting) or any(one.rule in ("load_jump", "weeks_rising") for one in warnings)
    ranges = pace_and_zones(athlete, form, today)
    left = first_day(today, "week", known.first_weekday) + 7 - today
    days = history.day[history.day <= today]
    streaks = day_streak(days, today), week_streak(days, today, known.first_weekday)
    found = [
        *warnings,
        *resting,
        next_session(recent, athlete, form, rest=less),
        *([ranges] if ranges is not None else []),
        *goals_at_risk(known.goals),
        *streaks_ending(*streaks, recent.idle_days, left),
        *gear_worn(known.gear),
    ]
    order = list(Kind)
    return sorted(found, key=lambda one: order.index(one.kind))
