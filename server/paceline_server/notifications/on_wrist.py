"""The handlers that bring notices to wearables: one that gives them numbers, one that composes the blob. They block.

A notice gets its number as it goes out, behind quiet hours, so that numbers rise in the order in which a wearable may
see them, and it shows each once (docs/WRIST.md). Done twice, neither changes anything more.
"""

from collections.abc import Iterable

from paceline_protocol.code_tables import BLOB_KINDS
from paceline_protocol.wrist_notices import MOST_NOTICES
from paceline_protocol.wrist_pack import pack_notices

from paceline_server.daily import store as daily
from paceline_server.desired import store as desired
from paceline_server.desired import wearers
from paceline_server.desired.composing import OWNER_SLOT
from paceline_server.devices import store as devices
from paceline_server.events import store as events
from paceline_server.events.declared import NOTICES_ON_WRIST
from paceline_server.events.model import Turn
from paceline_server.households import store as households
from paceline_server.notifications import store
from paceline_server.notifications.clock_times import quiet_span_s
from paceline_server.notifications.wrist_text import words_for_another, wrist_words
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.profile.store import written_for

KIND = BLOB_KINDS.index("notices")


def give(connection: Connection, owner_id: str, notice_id: str, now_s: float) -> None:
    """Let a notice go out to the wearables that its reader wears, if it has not and is still news."""
    if store.give_to_wrist(connection, owner_id, notice_id, now_s):
        events.add(connection, wearers.turns_of_worn(connection, owner_id, NOTICES_ON_WRIST), now_s)


def look(database: Database, turn: Turn, write: Write, now_s: float) -> None:
    """Handle a turn, of a wearable or of all that somebody wears; blocks."""
    wearers.look(database, turn, made, keep, write, now_s)


def made(connection: Connection, owner_id: str, device_id: str, now_s: float) -> bytes | None:
    """Make a wearable's notices of those of its wearers; None for no wearable of this owner.

    Each wearer has an equal part of the room. On a wearable that is another's nothing is said of what it is about.
    """
    device = devices.get(connection, owner_id, device_id)
    if device is None or device.released_at_s is not None or device.revoked_at_s is not None:
        return None
    terms = households.terms(connection, owner_id, device_id)
    worn_by = {OWNER_SLOT: owner_id} | {
        one.slot: one.person_id for one in terms if one.accepted and one.until_utc_s is None
    }
    most = max(1, MOST_NOTICES // len(worn_by))
    told: list[dict[str, object]] = []
    for slot, person_id in sorted(worn_by.items()):
        told += [{"slot": slot} | fields for fields in _told(connection, person_id, most, now_s, person_id == owner_id)]
    return pack_notices(told)


def keep(connection: Connection, owner_id: str, device_id: str, data: bytes, now_s: float) -> None:
    """Want these notices, when they are others than those that are wanted.

    Versions are about Unix seconds: a wearable that changes hands then holds none of the next owner's by chance.
    """
    before = desired.blob_of(connection, owner_id, device_id, KIND)
    held = before.data if before is not None else b""
    if data == held or (not held and data == pack_notices([])):
        return
    version = max(int(now_s), before.version + 1 if before is not None else 1)
    desired.want(connection, owner_id, device_id, KIND, data, version, now_s)


def _told(connection: Connection, person_id: str, most: int, now_s: float, own: bool) -> Iterable[dict[str, object]]:
    found = store.on_wrist(connection, person_id, most, now_s)
    if not found:
        return
    rules, local = store.rules(connection, person_id), daily.local_days(connection, person_id)
    with written_for(connection, person_id):
        for one in reversed(found):
            title, text = wrist_words(one.kind, one.title, one.text) if own else words_for_another(one.kind)
            begin_s, end_s = quiet_span_s(rules, local, float(one.number)) or (0.0, 0.0)
            yield {
                "number": one.number,
                "told_utc_s": int(one.made_at_s),
                "quiet_from_utc_s": int(begin_s),
                "quiet_until_utc_s": int(end_s),
                "title": title,
                "text": text,
            }
