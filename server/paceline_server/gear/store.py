"""SQL of the gear. Every statement names the owner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from paceline_server.activities.model import ACTIVITIES
from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import GEAR_CHANGED, GEAR_WORN
from paceline_server.gear.model import GEAR, GEAR_CHOICES, GEAR_USUAL, MOST_GEAR, Gear, Usual
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone
from paceline_server.users import store as users

_G, _C, _U = GEAR.c, GEAR_CHOICES.c, GEAR_USUAL.c
_ALL = Prepared(select(GEAR).where(_G.owner_id == bindparam("owner")))  # each activity asks it


def add(connection: Connection, gear: Gear) -> tuple[Gear, bool]:
    """Add a piece of gear; return the one that is there of its client id, and whether it is new."""
    alone(connection, gear.owner_id, "gear")
    if gear.client_id is not None:
        query = select(GEAR).where(_G.owner_id == gear.owner_id, _G.client_id == gear.client_id)
        row = connection.execute(query).mappings().one_or_none()
        if row is not None:
            return Gear(**row), False
    count = select(func.count()).select_from(GEAR).where(_G.owner_id == gear.owner_id)
    if connection.execute(count).scalar_one() >= MOST_GEAR:
        raise ConflictError("too_many", f"There are {MOST_GEAR} pieces of gear already: delete one of them.")
    connection.execute(insert(GEAR).values(**asdict(gear)))
    events.emit(connection, GEAR_CHANGED, gear.owner_id, "all", gear.created_at_s)
    return gear, True


def every(connection: Connection, owner_id: str) -> list[Gear]:
    """Return an owner's gear, in the order in which it was added."""
    rows = _ALL.rows(connection, owner=owner_id)
    return sorted((Gear(**row._asdict()) for row in rows), key=lambda gear: (gear.created_at_s, gear.gear_id))


def get(connection: Connection, owner_id: str, gear_id: str) -> Gear | None:
    """Return a piece of gear, None when there is no such one."""
    row = connection.execute(select(GEAR).where(_is(owner_id, gear_id))).mappings().one_or_none()
    return Gear(**row) if row is not None else None


def change(
    connection: Connection,
    owner_id: str,
    gear_id: str,
    changes: Mapping[str, object],
    now_s: float,
    condition: Condition = ANY,
) -> Gear | None:
    """Change a piece of gear and return it; None when there is none. With other limits it can be told worn anew."""
    alone(connection, owner_id, "gear")
    gear = get(connection, owner_id, gear_id)
    condition.demand(tag_of(gear) if gear is not None else None)
    if gear is None or not changes:
        return gear
    after = replace(gear, **changes)
    if (after.distance_limit_m, after.time_limit_s) != (gear.distance_limit_m, gear.time_limit_s):
        after = replace(after, warned_at_s=None)
    connection.execute(update(GEAR).where(_is(owner_id, gear_id)).values(**asdict(after)))
    events.emit(connection, GEAR_CHANGED, owner_id, "all", now_s)
    return after


def remove(connection: Connection, owner_id: str, gear_id: str, condition: Condition = ANY) -> bool:
    """Delete a piece of gear; what it was chosen or usual for has it no more. False when there is none."""
    alone(connection, owner_id, "gear")
    gear = get(connection, owner_id, gear_id)
    condition.demand(tag_of(gear) if gear is not None else None)
    if gear is None:
        return False
    of_usual = and_(_U.owner_id == owner_id, _U.gear_id == gear_id)
    connection.execute(update(GEAR_USUAL).where(of_usual).values(gear_id=None))
    connection.execute(update(GEAR).where(_G.owner_id == owner_id, _G.part_of == gear_id).values(part_of=None))
    connection.execute(delete(GEAR).where(_is(owner_id, gear_id)))
    return True


def usual(connection: Connection, owner_id: str) -> list[Usual]:
    """Return what is usual, by sport and day."""
    query = select(_U.sport, _U.from_day, _U.gear_id).where(_U.owner_id == owner_id)
    return sorted((Usual(*row) for row in connection.execute(query)), key=lambda one: (one.sport, one.from_day))


def set_usual(
    connection: Connection, owner_id: str, rows: Iterable[Usual], now_s: float, condition: Condition = ANY
) -> None:
    """Let this be all that is usual; PreconditionError when what was is not what the condition demands."""
    alone(connection, owner_id, "gear")
    condition.demand(tag_of(usual(connection, owner_id)))
    connection.execute(delete(GEAR_USUAL).where(_U.owner_id == owner_id))
    values = [{"owner_id": owner_id, **asdict(one)} for one in rows]
    if values:
        connection.execute(insert(GEAR_USUAL), values)
    events.emit(connection, GEAR_CHANGED, owner_id, "all", now_s)


def choices(connection: Connection, owner_id: str) -> dict[str, list[str]]:
    """Return the gear that was chosen, by activity."""
    query = select(_C.activity_id, _C.gear_ids).where(_C.owner_id == owner_id)
    return {row.activity_id: row.gear_ids for row in connection.execute(query)}


def choose(
    connection: Connection, owner_id: str, activity_ids: Sequence[str], gear_ids: Sequence[str] | None, now_s: float
) -> list[str]:
    """Let activities have been done with this gear (None: with the usual one); return those that are not there.

    Nothing is changed when one is not there.
    """
    alone(connection, owner_id, "gear")
    there = select(ACTIVITIES.c.activity_id).where(
        ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id.in_(activity_ids)
    )
    found = set(connection.execute(there).scalars())
    absent = [activity_id for activity_id in activity_ids if activity_id not in found]
    if absent:
        return absent
    connection.execute(delete(GEAR_CHOICES).where(_C.owner_id == owner_id, _C.activity_id.in_(activity_ids)))
    if gear_ids is not None:
        row = {"owner_id": owner_id, "gear_ids": list(gear_ids)}
        connection.execute(insert(GEAR_CHOICES), [row | {"activity_id": one} for one in dict.fromkeys(activity_ids)])
    events.emit(connection, GEAR_CHANGED, owner_id, "all", now_s)
    return []


def note_worn(connection: Connection, owner_id: str, gear_ids: Iterable[str], now_s: float) -> int:
    """Note and tell that gear is worn out, once for each limit; return how much of it was news."""
    alone(connection, owner_id, "gear")
    count = 0
    for gear_id in gear_ids:
        fresh = and_(_is(owner_id, gear_id), _G.warned_at_s.is_(None))
        if connection.execute(update(GEAR).where(fresh).values(warned_at_s=now_s)).rowcount:
            events.emit(connection, GEAR_WORN, owner_id, gear_id, now_s)
            count += 1
    return count


def everybody(connection: Connection) -> Iterable[tuple[str, str]]:
    """Yield every user, and what an event calls all their gear."""
    for user in users.everybody(connection):
        yield user.owner_id, "all"


def _is(owner_id: str, gear_id: str) -> ColumnElement[bool]:
    return and_(_G.owner_id == owner_id, _G.gear_id == gear_id)
