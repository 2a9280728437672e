"""SQL of the goals. Every statement names the owner."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import GOAL_REACHED, GOALS_CHANGED
from paceline_server.goals.model import GOALS, GOALS_REACHED, MOST_GOALS, Goal, Reached
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone
from paceline_server.users import store as users

_G, _R = GOALS.c, GOALS_REACHED.c
_ALL = Prepared(select(GOALS).where(_G.owner_id == bindparam("owner")))  # each home page asks these
_REACHED = Prepared(
    select(_R.goal_id, _R.period_start, _R.reached_at_s, _R.value).where(_R.owner_id == bindparam("owner"))
)


def add(connection: Connection, goal: Goal) -> tuple[Goal, bool]:
    """Add a goal; return the one that is there of its client id, and whether it is new."""
    alone(connection, goal.owner_id, "goals")
    if goal.client_id is not None:
        query = select(GOALS).where(_G.owner_id == goal.owner_id, _G.client_id == goal.client_id)
        row = connection.execute(query).mappings().one_or_none()
        if row is not None:
            return Goal(**row), False
    count = select(func.count()).select_from(GOALS).where(_G.owner_id == goal.owner_id)
    if connection.execute(count).scalar_one() >= MOST_GOALS:
        raise ConflictError("too_many", f"There are {MOST_GOALS} goals already: delete one of them.")
    connection.execute(insert(GOALS).values(**asdict(goal)))
    events.emit(connection, GOALS_CHANGED, goal.owner_id, "all", goal.created_at_s)
    return goal, True


def every(connection: Connection, owner_id: str) -> list[Goal]:
    """Return an owner's goals, in the order in which they were made."""
    rows = _ALL.rows(connection, owner=owner_id)
    return sorted((Goal(**row._asdict()) for row in rows), key=lambda goal: (goal.created_at_s, goal.goal_id))


def get(connection: Connection, owner_id: str, goal_id: str) -> Goal | None:
    """Return a goal, None when there is no such one."""
    row = connection.execute(select(GOALS).where(_is(owner_id, goal_id))).mappings().one_or_none()
    return Goal(**row) if row is not None else None


def change(
    connection: Connection,
    owner_id: str,
    goal_id: str,
    changes: Mapping[str, object],
    now_s: float,
    condition: Condition = ANY,
) -> Goal | None:
    """Change a goal and return it; None when there is none, PreconditionError when it is not what is demanded."""
    alone(connection, owner_id, "goals")
    goal = get(connection, owner_id, goal_id)
    condition.demand(tag_of(goal) if goal is not None else None)
    if goal is None or not changes:
        return goal
    connection.execute(update(GOALS).where(_is(owner_id, goal_id)).values(**changes))
    events.emit(connection, GOALS_CHANGED, owner_id, "all", now_s)
    return replace(goal, **changes)


def remove(connection: Connection, owner_id: str, goal_id: str, now_s: float, condition: Condition = ANY) -> bool:
    """Delete a goal and when it was reached; False when there is none."""
    alone(connection, owner_id, "goals")
    goal = get(connection, owner_id, goal_id)
    condition.demand(tag_of(goal) if goal is not None else None)
    connection.execute(delete(GOALS_REACHED).where(_R.owner_id == owner_id, _R.goal_id == goal_id))
    events.emit(connection, GOALS_CHANGED, owner_id, "all", now_s)
    return connection.execute(delete(GOALS).where(_is(owner_id, goal_id))).rowcount == 1


def reached(connection: Connection, owner_id: str, goal_id: str | None = None) -> list[Reached]:
    """Return when an owner's goals, or one of them, were reached."""
    found = [Reached(*row) for row in _REACHED.rows(connection, owner=owner_id)]
    return found if goal_id is None else [one for one in found if one.goal_id == goal_id]


def note_reached(connection: Connection, owner_id: str, found: Iterable[Reached], now_s: float) -> int:
    """Note and tell goals that are reached, each period once; return how many were news."""
    alone(connection, owner_id, "goals")
    there = {goal.goal_id for goal in every(connection, owner_id)}
    known = {(one.goal_id, one.period_start) for one in reached(connection, owner_id)}
    fresh = [one for one in found if one.goal_id in there and (one.goal_id, one.period_start) not in known]
    for one in fresh:
        connection.execute(insert(GOALS_REACHED).values(owner_id=owner_id, **asdict(one)))
        events.emit(connection, GOAL_REACHED, owner_id, f"{one.goal_id} {one.period_start}", now_s)
    return len(fresh)


def turn_weeks(connection: Connection, owner_id: str, goals: Iterable[Goal], now_s: float) -> None:
    """Let weeks of goals begin on the days that these say, and tell that they do."""
    alone(connection, owner_id, "goals")
    for goal in goals:
        weeks = {"first_weekday": goal.first_weekday, "later_weekdays": goal.later_weekdays}
        connection.execute(update(GOALS).where(_is(owner_id, goal.goal_id)).values(**weeks))
    events.emit(connection, GOALS_CHANGED, owner_id, "all", now_s)


def everybody(connection: Connection) -> Iterable[tuple[str, str]]:
    """Yield every user, and what an event calls all their goals."""
    for user in users.everybody(connection):
        yield user.owner_id, "all"


def _is(owner_id: str, goal_id: str) -> ColumnElement[bool]:
    return and_(_G.owner_id == owner_id, _G.goal_id == goal_id)
