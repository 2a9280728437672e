"""Who has to be looked at when a person's data changed: every wearable that this person wears, and each by itself.

A handler that composes a blob is told of a person ("all") or of a wearable. Of a person, each of the wearables gets a
turn of its own; of a wearable, the blob is made anew, beside the transaction, and kept in it.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from paceline_server.devices import store as devices
from paceline_server.events import store as events
from paceline_server.events.model import Turn
from paceline_server.households import store as households
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.users import store as users

EVERYTHING = "all"
_Made = TypeVar("_Made")


def look(
    database: Database,
    turn: Turn,
    made: Callable[[Connection, str, str, float], _Made | None],
    keep: Callable[[Connection, str, str, _Made, float], None],
    write: Write,
    now_s: float,
) -> None:
    """Handle a turn: `made(owner, device, now)`, None for nothing to say, goes to `keep`; blocks."""
    if turn.subject == EVERYTHING:
        turns = database.read_now(turns_of_worn, turn.owner_id, turn.handler)
        if turns:
            write(events.add, turns, now_s)
        return
    found = database.read_now(made, turn.owner_id, turn.subject, now_s)
    if found is not None:
        write(keep, turn.owner_id, turn.subject, found, now_s)


def turns_of_worn(connection: Connection, person_id: str, handler: str) -> list[Turn]:
    """Return a handler's turns of all wearables that a person wears, own and others'."""
    own = [(person_id, one.device_id) for one in devices.list_for(connection, person_id)]
    worn = [(one.host_id, one.device_id) for one in households.worn(connection, person_id) if one.accepted]
    return [Turn(owner_id, handler, device_id) for owner_id, device_id in sorted({*own, *worn})]


def everybody(connection: Connection) -> Iterable[tuple[str, str]]:
    """Yield every user, and what an event calls all of theirs."""
    for user in users.everybody(connection):
        yield user.owner_id, EVERYTHING
