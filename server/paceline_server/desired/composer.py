"""The handler that composes wearables' settings of what is known of their wearers.

The blob is made anew, and becomes a new version when it says something else. Done twice, it changes nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from paceline_server.desired import store, wearers
from paceline_server.desired.composing import Wearer, composed, counting_from, has_goals, says_the_same
from paceline_server.desired.known import wearer_of
from paceline_server.desired.model import ByHand
from paceline_server.desired.wrist_fields import settings_blob
from paceline_server.devices import store as devices
from paceline_server.events import store as events
from paceline_server.events.declared import WEARABLE_CHANGED
from paceline_server.events.model import Turn
from paceline_server.households import store as households
from paceline_server.journals import store as journals
from paceline_server.platform.database import Connection, Database, Write

SETTINGS = 1  # of the protocol's BLOB_KINDS


def look(database: Database, turn: Turn, write: Write, now_s: float) -> None:
    """Handle a turn, of a wearable or of all that somebody wears; blocks."""
    wearers.look(database, turn, made, keep, write, now_s)


@dataclass(frozen=True, slots=True)
class Made:
    """A blob (empty for nothing to tell), what was set by hand as it was made, when to look again (None: never)."""

    by_hand: ByHand
    data: bytes
    again_at_s: float | None


def made(connection: Connection, owner_id: str, device_id: str, now_s: float) -> Made | None:
    """Make a wearable's settings; None where its owner takes care of the whole blob, and for no wearable of his."""
    device = devices.get(connection, owner_id, device_id)
    by_hand = store.by_hand(connection, owner_id, device_id)
    if device is None or device.released_at_s is not None or by_hand.whole:
        return None
    terms = [one for one in households.terms(connection, owner_id, device_id) if one.until_utc_s is None]
    others = {one.slot: wearer_of(connection, one.person_id, now_s) for one in terms if one.accepted}
    owner = wearer_of(connection, owner_id, now_s)
    fields = composed(by_hand.fields, owner, others)
    if not fields["users"]:
        return Made(by_hand, b"", _soonest(owner, others.values()))
    data = settings_blob(fields)
    if has_goals(fields) and not has_goals(by_hand.fields):
        data = counting_from(data, *_read_up_to(connection, owner_id, device_id))
    return Made(by_hand, data, _soonest(owner, others.values()))


def keep(connection: Connection, owner_id: str, device_id: str, found: Made, now_s: float) -> None:
    """Want what was made, when it says something else than what is wanted; what was set by hand since then goes on."""
    if found.again_at_s is not None:
        delay_s = max(found.again_at_s - now_s, 0.0) + 1.0
        events.emit(connection, WEARABLE_CHANGED, owner_id, device_id, now_s, delay_s=delay_s)
    if store.by_hand(connection, owner_id, device_id) != found.by_hand:
        return  # which told of the wearable, too
    before = store.data_of(connection, owner_id, device_id, SETTINGS)
    if found.data != before and not says_the_same(found.data, before):
        store.want(connection, owner_id, device_id, SETTINGS, found.data, None, now_s)


def _soonest(owner: Wearer, others: Iterable[Wearer]) -> float | None:
    return min((one.again_at_s for one in (owner, *others) if one.again_at_s is not None), default=None)


def _read_up_to(connection: Connection, owner_id: str, device_id: str) -> tuple[int, int]:
    """Return epoch and position up to which workouts of the wearable's newest journal are counted, (0, 0) for none."""
    found = [journals.get(connection, ref) for ref in journals.of_device(connection, owner_id, device_id)]
    newest = max((one for one in found if one is not None), key=lambda one: one.updated_at_s, default=None)
    return (newest.ref.epoch, newest.processed_position) if newest is not None else (0, 0)
