"""What goals are judged by, read from the other domains."""

from collections.abc import Iterable
from datetime import date

from paceline_server.analysis.history import History, history_of
from paceline_server.daily.service import days_between, local_days
from paceline_server.goals import store
from paceline_server.goals.model import OF_DAYS, WEIGHT, Goal, Reached
from paceline_server.goals.progress import Facts, Period, following, latest_periods, progress
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.profile import store as profiles
from paceline_server.stats import store as sums
from paceline_server.stats.derivation import local_day

LOOKED_BACK_DAYS = 92  # what comes later than that of steps does not tell a goal as reached any more
_LOOKED_BACK_PERIODS = 400


def facts_of(
    connection: Connection,
    owner_id: str,
    wanted: Iterable[tuple[Goal, Period]],
    history: History,
    today: int,
) -> Facts:
    """Return the facts about these periods of goals."""
    wanted = list(wanted)
    firsts = [max(period.first, today - 365) for goal, period in wanted if goal.metric in OF_DAYS]
    days: dict[str, dict[int, float]] = {}
    if firsts and min(firsts) <= today:
        first, last = date.fromordinal(min(firsts)), date.fromordinal(today)
        for day in days_between(connection, owner_id, first, last):
            number = date.fromisoformat(day.day).toordinal()
            for metric, value in day.values.items():
                days.setdefault(metric, {})[number] = value
    weights: list[tuple[int, float]] = []
    if any(goal.metric == WEIGHT for goal, _ in wanted):
        body = profiles.body(connection, owner_id)
        weights = [
            (date.fromisoformat(one.from_day).toordinal(), one.value) for one in body if one.metric == "weight_kg"
        ]
    return Facts(history, today, days, weights)


def today_of(connection: Connection, owner_id: str, history: History, now_s: float) -> int:
    """Return what day it is for the owner: by the profile's clock, without one by that of the latest activity."""
    local = local_days(connection, owner_id)
    if local.home == "UTC" and not local.away:
        return local_day(now_s, history.zone_s)
    return local.day_of(now_s).toordinal()


def reach(database: Database, owner_id: str, write: Write, now_s: float) -> None:
    """Note and tell what an owner has reached and was not told of, and let weeks follow the profile; blocks."""
    found, turned = database.read_now(_news, owner_id, now_s)
    if turned:
        write(store.turn_weeks, owner_id, turned, now_s)
    if found:
        write(store.note_reached, owner_id, found, now_s)


def _news(connection: Connection, owner_id: str, now_s: float) -> tuple[list[Reached], list[Goal]]:
    """Return what is newly reached, and the goals whose weeks do not yet begin on the profile's weekday, with theirs.

    Only periods to come are others by that: what is reached is so with either.
    """
    goals = store.every(connection, owner_id)
    if not goals:
        return [], []
    history = history_of(sums.rows(connection, owner_id))
    today = today_of(connection, owner_id, history, now_s)
    weekday = profiles.reader_of(connection, owner_id).first_weekday
    turned = [after for goal in goals if (after := following(goal, weekday, today)) != goal]
    return _newly_reached(connection, owner_id, goals, history, today, now_s), turned


def _newly_reached(
    connection: Connection, owner_id: str, goals: list[Goal], history: History, today: int, now_s: float
) -> list[Reached]:
    """Return the periods of goals that are reached and were not noted as such."""
    known = {(one.goal_id, one.period_start) for one in store.reached(connection, owner_id)}
    wanted = [
        (goal, period)
        for goal in goals
        for period in latest_periods(goal, today, _LOOKED_BACK_PERIODS)
        if (goal.goal_id, date.fromordinal(period.first).isoformat()) not in known
        and (goal.metric not in OF_DAYS or period.last >= today - LOOKED_BACK_DAYS)
    ]
    facts = facts_of(connection, owner_id, wanted, history, today)
    found: list[Reached] = []
    for goal, period in wanted:
        so_far = progress(goal, period, facts)
        if so_far.achieved:
            start = date.fromordinal(period.first).isoformat()
            found.append(Reached(goal.goal_id, start, now_s, so_far.value or 0.0))
    return found
