"""Looks what of somebody's goals, gear, workouts and days is to be told: what the outbox's handlers do. It blocks."""

from datetime import date, timedelta

from paceline_server.analysis.history import history_of
from paceline_server.daily.service import days_between, local_days
from paceline_server.gear import store as gear
from paceline_server.goals import store as goals
from paceline_server.goals.progress import period_at
from paceline_server.mail.writing import Desk
from paceline_server.notifications import mailing, saying, store
from paceline_server.notifications.advising import advice, advised
from paceline_server.notifications.landmarks import STEPS_A_DAY, highest_passed, marks_reached, new_bests, totals_passed
from paceline_server.notifications.model import Rules, Tale
from paceline_server.notifications.timed import Watched, due_tales, next_due_s
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.profile.store import written_for
from paceline_server.stats import store as sums

NEWS_DAYS = 7  # what comes later than that of workouts, and of periods that have ended, is no news any more


def look(database: Database, desk: Desk, owner_id: str, write: Write, now_s: float) -> None:
    """Tell personal bests, milestones and what is due by the clock; write the digest; look again when more is due."""

    def everything(connection: Connection) -> tuple[list[Tale], Rules, Watched]:
        told, watched = store.rules(connection, owner_id), store.watched(connection, owner_id)
        with written_for(connection, owner_id):
            found = landmarks(connection, owner_id, now_s) + timed(connection, owner_id, told, watched, now_s)
            return found + advice_of_today(connection, owner_id, told, watched, now_s), told, watched

    tales, told, watched = database.read_now(everything)
    if tales:
        write(store.tell_all, owner_id, tales, now_s)
    again_s = mailing.write_digest(database, desk, owner_id, told, watched.local, write, now_s)
    next_s = next_due_s(told, watched, now_s)
    due_s = min((at_s for at_s in (again_s, next_s) if at_s is not None), default=None)
    if due_s is not None:
        write(store.look_later, owner_id, now_s, due_s)


def timed(connection: Connection, owner_id: str, told: Rules, watched: Watched, now_s: float) -> list[Tale]:
    """Return what is due by the clock and was not told."""
    return [tale for tale in due_tales(told, watched, now_s) if not store.is_told(connection, owner_id, tale)]


def advice_of_today(connection: Connection, owner_id: str, told: Rules, watched: Watched, now_s: float) -> list[Tale]:
    """Return the advice that is due in this hour and was not told."""
    if not advised(told, watched.local, watched.latest_s, now_s):
        return []
    history, today = history_of(sums.rows(connection, owner_id)), watched.local.day_of(now_s).toordinal()
    found = advice(connection, owner_id, history, today, now_s)
    return [tale for tale in found if not store.is_told(connection, owner_id, tale)]


def goal_reached(database: Database, owner_id: str, subject: str, write: Write, now_s: float) -> None:
    """Tell that a goal was reached, by the subject of the event."""
    tale = database.read_now(goal_tale, owner_id, subject, now_s)
    if tale is not None:
        write(store.tell, owner_id, tale, now_s)


def gear_worn(database: Database, owner_id: str, gear_id: str, write: Write, now_s: float) -> None:
    """Tell that gear is worn out."""
    tale = database.read_now(gear_tale, owner_id, gear_id)
    if tale is not None:
        write(store.tell, owner_id, tale, now_s)


def gear_tale(connection: Connection, owner_id: str, gear_id: str) -> Tale | None:
    """Return what is told of gear that is worn out, None when it is not."""
    piece = gear.get(connection, owner_id, gear_id)
    if piece is None or piece.warned_at_s is None:
        return None
    with written_for(connection, owner_id):
        return saying.of_gear(piece)


def landmarks(connection: Connection, owner_id: str, now_s: float) -> list[Tale]:
    """Return the personal bests and milestones that are news."""
    found: list[Tale] = []
    today, since_s = local_days(connection, owner_id).day_of(now_s), now_s - NEWS_DAYS * 86_400
    for day in days_between(connection, owner_id, today - timedelta(days=1), today):
        steps = day.values.get("steps", 0.0)
        mark = highest_passed(STEPS_A_DAY, 0.0, steps)
        if mark is not None:
            found.append(saying.of_steps(date.fromisoformat(day.day), mark, steps))
    latest_s = store.latest_start_s(connection, owner_id)
    if latest_s is not None and latest_s >= since_s:  # else the whole history need not be read
        history = history_of(sums.rows(connection, owner_id))
        found += [saying.of_bests(*each) for each in new_bests(history, since_s).items()]
        passed = totals_passed(history, since_s, today.toordinal() + 1)
        found += [saying.of_total(*each) for each in passed.items()]
        reached = marks_reached(history, today.toordinal() + 1, today.toordinal() - NEWS_DAYS)
        found += [saying.of_achievement(*each) for each in reached]
    return [tale for tale in found if not store.is_told(connection, owner_id, tale)]


def goal_tale(connection: Connection, owner_id: str, subject: str, now_s: float) -> Tale | None:
    """Return what is told of a goal's period, None when it is no news, or not there any more."""
    goal_id, _, start = subject.partition(" ")
    goal = goals.get(connection, owner_id, goal_id)
    noted = {one.period_start: one for one in goals.reached(connection, owner_id, goal_id)}
    if goal is None or start not in noted:
        return None
    period = period_at(goal, date.fromisoformat(start).toordinal())
    today = local_days(connection, owner_id).day_of(now_s).toordinal()
    if period.last < today - NEWS_DAYS:
        return None
    with written_for(connection, owner_id):
        return saying.of_goal(goal, period, noted[start].value)


def goals_told(connection: Connection) -> list[tuple[str, str]]:
    """Return (owner, subject) of every goal that was reached: what a back-fill looks at."""
    return [
        (owner_id, f"{one.goal_id} {one.period_start}")
        for owner_id, _ in store.everybody(connection)
        for one in goals.reached(connection, owner_id)
    ]


def gear_told(connection: Connection) -> list[tuple[str, str]]:
    """Return (owner, gear) of all gear that is worn out."""
    return [
        (owner_id, piece.gear_id)
        for owner_id, _ in store.everybody(connection)
        for piece in gear.every(connection, owner_id)
        if piece.warned_at_s is not None
    ]
