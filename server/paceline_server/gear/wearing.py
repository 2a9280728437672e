"""Tells of gear that is worn out: the outbox's handler."""

from paceline_server.analysis.history import history_of
from paceline_server.gear import store
from paceline_server.gear.wear import Assignment, wear_of
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.stats import store as sums


def warn(database: Database, owner_id: str, write: Write, now_s: float) -> None:
    """Note and tell what is worn out and was not told; blocks."""
    found = database.read_now(worn_out, owner_id)
    if found:
        write(store.note_worn, owner_id, found, now_s)


def worn_out(connection: Connection, owner_id: str) -> list[str]:
    """Return the gear in use that has come to a limit and was not told."""
    gear = store.every(connection, owner_id)
    limited = [one for one in gear if one.distance_limit_m or one.time_limit_s]
    if not any(one.warned_at_s is None and one.retired_on is None for one in limited):
        return []
    assignment = Assignment(store.choices(connection, owner_id), store.usual(connection, owner_id))
    wear = wear_of(gear, assignment, history_of(sums.rows(connection, owner_id)))
    return [
        one.gear_id
        for one in limited
        if one.warned_at_s is None and one.retired_on is None and (wear[one.gear_id].worn(one) or 0) >= 1
    ]
