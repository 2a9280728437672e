"""Where telemetry lies, and what becomes of that which no activity shows: its activity was deleted, or never came."""

from collections.abc import Callable, Iterator

from paceline_server.activities import store
from paceline_server.events import store as events
from paceline_server.events.declared import TELEMETRY_LEFT
from paceline_server.imports.originals import file_behind, original_key
from paceline_server.imports.store import in_use
from paceline_server.platform.blobs import Blobs, place_of, sum_of
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.tombstones import store as tombstones
from paceline_server.uploads import store as uploads

TELEMETRY = "telemetry/"
LOOK_AFTER_S = 3600.0
YOUNG_S = 1800.0  # far longer than between a put and the row that shows it
_MAYBE = "?"


def telemetry_place(owner_id: str, activity_id: str) -> str:
    """Return where the telemetry of an activity lies (platform/blobs.py)."""
    return f"{TELEMETRY}{owner_id}/{activity_id}"


def maybe(key: str) -> str:
    """Return what an event says of a key that a row may yet come to show."""
    return _MAYBE + key


def delete(
    database: Database, blobs: Blobs, owner_id: str, subject: str, write: Write, clock: Callable[[], float]
) -> None:
    """Delete the blob unless the owner's activity shows it, or may be restored; blocks. Twice, it changes nothing.

    A key that a row may yet come to show is left alone until it is YOUNG_S old. Of an activity that is no more, every
    version goes, and so does what was sent of it.
    """
    key = subject.removeprefix(_MAYBE)
    if key == original_key(owner_id, sum_of(key)):
        _delete_original(database, blobs, owner_id, subject, write, clock)
        return
    place, activity_id = place_of(key), place_of(key).rpartition("/")[2]
    if place != telemetry_place(owner_id, activity_id):
        return
    shown = database.read_now(store.telemetry_sum, owner_id, activity_id)
    kept = database.read_now(tombstones.find, owner_id, activity_id, clock())
    if sum_of(key) in (shown, kept.activity.telemetry_sha256 if kept is not None else None):
        if kept is not None:
            write(tombstones.let_go, owner_id, activity_id, key, clock())
        return
    if subject.startswith(_MAYBE):
        _delete_unless_young(blobs, owner_id, subject, write, clock)
    elif shown is not None:
        blobs.delete(key)
    elif write(tombstones.let_go, owner_id, activity_id, key, clock()):
        write(uploads.forget, owner_id, activity_id)
        for other in blobs.versions(place):
            blobs.delete(other)
        behind = file_behind(database.read_now(tombstones.source_of, owner_id, activity_id) or "")
        if behind is not None and not database.read_now(in_use, owner_id, behind[0]):
            blobs.delete(original_key(owner_id, behind[0]))


def _delete_original(
    database: Database, blobs: Blobs, owner_id: str, subject: str, write: Write, clock: Callable[[], float]
) -> None:
    """Delete a file that came to be imported, unless it was (imports/straight.py)."""
    if not database.read_now(in_use, owner_id, sum_of(subject)):
        _delete_unless_young(blobs, owner_id, subject, write, clock)


def _delete_unless_young(blobs: Blobs, owner_id: str, subject: str, write: Write, clock: Callable[[], float]) -> None:
    key = subject.removeprefix(_MAYBE)
    put_at_s = blobs.changed_at_s(key)
    if put_at_s is not None and clock() - put_at_s < YOUNG_S:
        write(events.emit, TELEMETRY_LEFT, owner_id, subject, clock(), delay_s=LOOK_AFTER_S)
    else:
        blobs.delete(key)


def unshown(connection: Connection, blobs: Blobs, now_s: float) -> Iterator[tuple[str, str]]:
    """Yield (owner, subject) of every telemetry blob that no activity shows, and none that can be restored."""
    owner_id, sums = "", dict[str, str]()
    for key in blobs.keys(TELEMETRY):
        of, _, activity_id = place_of(key).removeprefix(TELEMETRY).partition("/")
        if of != owner_id:
            owner_id = of
            sums = store.telemetry_sums(connection, of) | tombstones.kept_sums(connection, of, now_s)
        if sums.get(activity_id) != sum_of(key):
            yield owner_id, maybe(key)
