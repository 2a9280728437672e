"""Advice that is told, and not only shown on the page: a goal at risk, a streak that is about to end, too much load.

It is looked for once a day, in the late afternoon, when there is time left to do something, or later on that day when
the server was down then; of who has done nothing for two weeks nothing is. Each is told once for its period: a goal for
that of the goal, the others for a week.
"""

from dataclasses import replace
from datetime import date

from paceline_server.analysis.athlete import UNKNOWN
from paceline_server.analysis.history import History
from paceline_server.analysis.periods import first_day
from paceline_server.daily.local_days import LocalDays
from paceline_server.daily.model import RESTING
from paceline_server.daily.service import days_between
from paceline_server.goals.service import goals_now
from paceline_server.notifications.clock_times import moment_s
from paceline_server.notifications.model import CHANNELS, RECOMMENDATION, Rules, Tale
from paceline_server.notifications.timed import ACTIVE_DAYS, ADVICE_MIN, ADVISED_MIN, day_ends_s, late_s
from paceline_server.platform.database import Connection
from paceline_server.profile import store as profiles
from paceline_server.stats.athletes import told_from_days
from paceline_server.training.advice import Kind, Recommendation
from paceline_server.training.recommending import Known, recommendations

RESTING_DAYS = 7
TOLD = frozenset({Kind.LOAD_WARNING, Kind.GOAL_AT_RISK, Kind.STREAK_ENDING})


def advised(rules: Rules, local: LocalDays, latest_s: float | None, now_s: float) -> bool:
    """Say whether somebody is to be advised at this time of day."""
    if latest_s is None or not any(rules.tells(RECOMMENDATION, channel) for channel in CHANNELS):
        return False
    today = local.day_of(now_s)
    if (today - local.day_of(latest_s)).days > ACTIVE_DAYS:
        return False
    if not moment_s(local, today, ADVICE_MIN) <= now_s < day_ends_s(local, now_s):
        return False
    return late_s(rules, local, moment_s(local, today, ADVISED_MIN), now_s) <= now_s


def advice(connection: Connection, owner_id: str, history: History, today: int, now_s: float) -> list[Tale]:
    """Return what there is to advise, what was told already among it."""
    last = date.fromordinal(today)
    week = days_between(connection, owner_id, date.fromordinal(today - RESTING_DAYS + 1), last)
    resting = [day.values[RESTING] for day in week if RESTING in day.values]
    base = replace(UNKNOWN, resting_heart_rate_bpm=sum(resting) / len(resting) if resting else None)
    athletes = told_from_days(base, profiles.get(connection, owner_id), profiles.body(connection, owner_id), now_s)
    goals = goals_now(connection, owner_id, None, history, now_s)
    starts = {one.goal.goal_id: one.period.first for one in goals}
    first_weekday = profiles.reader_of(connection, owner_id).first_weekday
    found = recommendations(Known(history, athletes, today, {}, goals, first_weekday=first_weekday))
    begin = first_day(today, "week", first_weekday)
    return [_tale(one, starts.get(one.about or "", begin)) for one in found if one.kind in TOLD]


def _tale(one: Recommendation, start: int) -> Tale:
    subject = f"{one.about or one.rule} {date.fromordinal(start)}"
    return Tale(RECOMMENDATION, subject, str(one.advice), str(one.reason), "/training")
