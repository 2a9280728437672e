"""What is known of who wears a wearable, read from the other domains. Every statement names whose it is."""

from datetime import UTC, date, datetime

from paceline_server.analysis.history import History, history_of
from paceline_server.daily.service import local_days
from paceline_server.desired.composing import Fields, Wearer, body_fields, goal_fields, is_daily_steps
from paceline_server.goals import store as goals
from paceline_server.goals.facts import facts_of, today_of
from paceline_server.goals.model import Goal
from paceline_server.goals.progress import Period, period_at, progress
from paceline_server.platform.database import Connection
from paceline_server.profile import store as profiles
from paceline_server.profile.service import true_on
from paceline_server.stats import store as sums
from paceline_server.users import store as users

_DAY_S = 86400
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_FURTHEST_S = 0xFFFF_FFFF


def wearer_of(connection: Connection, person_id: str, now_s: float) -> Wearer:
    """Return what the wrist is told of a person; blank for nobody."""
    user = users.get(connection, person_id)
    if user is None:
        return Wearer("")
    # In some zone it is tomorrow already: a value of that day was given there.
    today = datetime.fromtimestamp(now_s + 14 * 3600, UTC).date()
    body = body_fields(profiles.get(connection, person_id), true_on(profiles.body(connection, person_id), today))
    wanted = goals.every(connection, person_id)
    if not wanted:
        return Wearer(user.username, body)
    return _with_goals(connection, Wearer(user.username, body), wanted, person_id, now_s)


def _with_goals(connection: Connection, known: Wearer, wanted: list[Goal], person_id: str, now_s: float) -> Wearer:
    history = history_of(sums.rows(connection, person_id))
    today = today_of(connection, person_id, history, now_s)
    now = [(goal, period_at(goal, today)) for goal in wanted if goal.first <= today <= goal.last]
    body, told, again_s = dict(known.body), list[Fields](), list[int]()
    facts = facts_of(connection, person_id, now, history, today)
    for goal, period in now:
        until_s = _end_s(connection, person_id, history, period)
        again_s.append(until_s)
        if is_daily_steps(goal):
            body["daily_steps"] = min(round(goal.target_value), _FURTHEST_S)
            continue
        done = progress(goal, period, facts).value or 0.0
        fields = goal_fields(goal, done, until_s)
        if fields is not None:
            told.append(fields)
    coming = [goal.first for goal in wanted if goal.first > today]
    again_s += [_start_s(connection, person_id, history, first) for first in coming]
    return Wearer(known.name, body, told, min((at_s for at_s in again_s if at_s), default=None))


def _end_s(connection: Connection, person_id: str, history: History, period: Period) -> int:
    """Return the Unix second at which a period is over, 0 for never."""
    if period.last >= date.max.toordinal():
        return 0
    end_s = _start_s(connection, person_id, history, period.last + 1)
    return end_s if 0 < end_s <= _FURTHEST_S else 0


def _start_s(connection: Connection, person_id: str, history: History, day: int) -> int:
    """Return the Unix second at which a person's day begins, by the clock that today_of goes by."""
    local = local_days(connection, person_id)
    if local.home == "UTC" and not local.away:
        return (day - _EPOCH_DAY) * _DAY_S - history.zone_s
    return local.start_s(date.fromordinal(day))
