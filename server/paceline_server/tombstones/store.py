"""SQL of deletion. A tombstone keeps the source from coming back for ever, and for some time what it would take to."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, null, select, update

from paceline_server.activities import store
from paceline_server.activities.changes import Change
from paceline_server.activities.detail_rows import activity_of, row_of
from paceline_server.activities.model import ACTIVITIES, TOMBSTONES, Activity
from paceline_server.analysis.same_workout import may_be_same
from paceline_server.duplicates import store as duplicates
from paceline_server.events import store as events
from paceline_server.events.declared import TELEMETRY_LEFT, UPLOAD_GREW
from paceline_server.journals import store as journals
from paceline_server.journals.wearers import journal_behind
from paceline_server.platform import signals
from paceline_server.platform.blobs import blob_key
from paceline_server.platform.paging import Page, paged
from paceline_server.platform.prepared import Prepared
from paceline_server.stats import store as sums

RESTORABLE_S = 30 * 86400.0
_ANY = Prepared(  # each home page asks it
    select(TOMBSTONES.c.activity_id)
    .where(TOMBSTONES.c.owner_id == bindparam("owner"), TOMBSTONES.c.deleted_at_s > bindparam("since"))
    .where(TOMBSTONES.c.kept.is_not(null()))
    .limit(1)
)


_NEAR = Prepared(  # each file that comes asks it
    select(
        TOMBSTONES.c.activity_id,
        TOMBSTONES.c.deleted_at_s,
        TOMBSTONES.c.start_utc_s,
        TOMBSTONES.c.duration_s,
        TOMBSTONES.c.distance_m,
    )
    .where(TOMBSTONES.c.owner_id == bindparam("owner"), TOMBSTONES.c.activity_id.is_not(None))
    .where(TOMBSTONES.c.start_utc_s >= bindparam("first"), TOMBSTONES.c.start_utc_s <= bindparam("last"))
)
_ROUGH = {"start_utc_s": 60.0, "duration_s": 60.0, "distance_m": 100.0}  # what stays for ever is no nearer than that


@dataclass(frozen=True, slots=True)
class Gone:
    """What a tombstone says of a workout for ever: when it was deleted, and about when it was, how long and how far."""

    activity_id: str
    deleted_at_s: float
    start_utc_s: float
    duration_s: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class Deleted:
    """An activity that can be restored, and when it was deleted."""

    activity: Activity
    deleted_at_s: float

    @property
    def gone_at_s(self) -> float:
        """When it can be restored no more."""
        return self.deleted_at_s + RESTORABLE_S


def remove(connection: Connection, owner_id: str, activity_id: str, telemetry_place: str, now_s: float) -> bool:
    """Delete an activity and leave a tombstone for its source; False when there is none. Its telemetry goes later."""
    activity = store.get(connection, owner_id, activity_id)
    if activity is None:
        return False
    place = and_(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id == activity_id)
    connection.execute(delete(ACTIVITIES).where(place))
    connection.execute(
        insert(TOMBSTONES).values(
            owner_id=owner_id,
            source_key=activity.source_key,
            deleted_at_s=now_s,
            activity_id=activity_id,
            kept=row_of(activity) | {"revision": activity.revision + 1},
            start_utc_s=activity.start_utc_s,
            duration_s=activity.duration_s,
            distance_m=activity.distance_m,
        )
    )
    sums.forget(connection, owner_id, activity_id)
    key = blob_key(telemetry_place, activity.telemetry_sha256)
    events.emit(connection, TELEMETRY_LEFT, owner_id, key, now_s, delay_s=RESTORABLE_S)
    signals.send(connection, Change(owner_id, activity_id, gone=True).as_text())
    # Who deletes a workout means all recordings of it; of one that stood behind another, this alone.
    for other_id in duplicates.behind(connection, owner_id, activity_id):
        remove(connection, owner_id, other_id, f"{telemetry_place.rpartition('/')[0]}/{other_id}", now_s)
    duplicates.tell_gone(connection, owner_id, activity_id, now_s)
    return True


def withdraw(connection: Connection, owner_id: str, activity_id: str, telemetry_place: str, now_s: float) -> None:
    """Forget an activity that turned out to be somebody else's, without a tombstone."""
    sha256 = store.telemetry_sum(connection, owner_id, activity_id)
    if sha256 is None:
        return
    place = and_(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id == activity_id)
    connection.execute(delete(ACTIVITIES).where(place))
    sums.forget(connection, owner_id, activity_id)
    duplicates.tell_gone(connection, owner_id, activity_id, now_s)
    events.emit(connection, TELEMETRY_LEFT, owner_id, blob_key(telemetry_place, sha256), now_s)
    signals.send(connection, Change(owner_id, activity_id, gone=True).as_text())


def restore(connection: Connection, owner_id: str, activity_id: str, now_s: float) -> Activity | None:
    """Bring a deleted activity back; None when there is none that can be. Returns it as it was deleted."""
    found = find(connection, owner_id, activity_id, now_s)
    if found is None:
        return None
    for activity in (found.activity, *_deleted_with(connection, owner_id, found)):
        _restore(connection, activity, now_s)
    return found.activity


def _deleted_with(connection: Connection, owner_id: str, found: Deleted) -> list[Activity]:
    """Return what stood behind an activity and was deleted with it."""
    same_time = and_(TOMBSTONES.c.owner_id == owner_id, TOMBSTONES.c.deleted_at_s == found.deleted_at_s)
    rows = connection.execute(select(TOMBSTONES).where(same_time, TOMBSTONES.c.kept.is_not(null())))
    others = [_deleted(row).activity for row in rows]
    return [one for one in others if one.behind == found.activity.activity_id != one.activity_id]


def _restore(connection: Connection, activity: Activity, now_s: float) -> None:
    owner_id, activity_id = activity.owner_id, activity.activity_id
    shown_id = activity.behind
    if shown_id is not None and not store.exists(connection, owner_id, shown_id):
        activity = replace(activity, behind=None)
    connection.execute(delete(TOMBSTONES).where(_is(owner_id, activity_id)))
    values = row_of(activity) | {"revision": activity.revision}
    connection.execute(insert(ACTIVITIES).values(values))
    sums.take(connection, activity, tell=not duplicates.tell_overlap(connection, activity))
    # What arrived meanwhile was not made of it.
    events.emit(connection, UPLOAD_GREW, owner_id, activity_id, now_s)
    ref = journal_behind(connection, owner_id, activity.source_key)
    if ref is not None:
        journals.read_anew(connection, ref, now_s)
    signals.send(connection, Change(owner_id, activity_id, replaces=True).as_text())


def lift(connection: Connection, owner_id: str, source_key: str, now_s: float) -> None:
    """Let the activity of a source be there again: as it was, if that is kept, or to be made anew."""
    activity_id = id_of(connection, owner_id, source_key)
    if activity_id is None or (activity_id and restore(connection, owner_id, activity_id, now_s) is not None):
        return
    place = and_(TOMBSTONES.c.owner_id == owner_id, TOMBSTONES.c.source_key == source_key)
    connection.execute(delete(TOMBSTONES).where(place))


def source_of(connection: Connection, owner_id: str, activity_id: str) -> str | None:
    """Return the source of a deleted activity."""
    return connection.execute(select(TOMBSTONES.c.source_key).where(_is(owner_id, activity_id))).scalar()


def find(connection: Connection, owner_id: str, activity_id: str, now_s: float) -> Deleted | None:
    """Return a deleted activity that can be restored."""
    query = select(TOMBSTONES).where(_is(owner_id, activity_id), TOMBSTONES.c.deleted_at_s > now_s - RESTORABLE_S)
    row = connection.execute(query).one_or_none()
    return _deleted(row) if row is not None and row.kept is not None else None


def id_of(connection: Connection, owner_id: str, source_key: str) -> str | None:
    """Return the id of the activity of a source that was deleted; "" where an older program deleted it."""
    query = select(TOMBSTONES.c.activity_id).where(
        TOMBSTONES.c.owner_id == owner_id, TOMBSTONES.c.source_key == source_key
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else row.activity_id or ""


def list_deleted(connection: Connection, owner_id: str, now_s: float, page: Page) -> list[Deleted]:
    """Return a page of what an owner deleted and can restore, the last deleted first, and one more if there is one."""
    since = (TOMBSTONES.c.owner_id == owner_id, TOMBSTONES.c.deleted_at_s > now_s - RESTORABLE_S)
    query = select(TOMBSTONES).where(*since, TOMBSTONES.c.kept.is_not(null()))
    order = (TOMBSTONES.c.deleted_at_s, TOMBSTONES.c.activity_id)
    return [_deleted(row) for row in connection.execute(paged(query, order, page))]


def any_deleted(connection: Connection, owner_id: str, now_s: float) -> bool:
    """Tell whether there is anything that an owner deleted and can restore."""
    since = {"owner": owner_id, "since": now_s - RESTORABLE_S}
    return _ANY.row(connection, **since) is not None


def kept_sums(connection: Connection, owner_id: str, now_s: float) -> dict[str, str]:
    """Return the SHA-256 of the telemetry of each activity that an owner can restore."""
    since = and_(TOMBSTONES.c.owner_id == owner_id, TOMBSTONES.c.deleted_at_s > now_s - RESTORABLE_S)
    rows = connection.execute(select(TOMBSTONES.c.activity_id, TOMBSTONES.c.kept).where(since))
    return {row.activity_id: row.kept["telemetry_sha256"] for row in rows if row.kept is not None}


def let_go(connection: Connection, owner_id: str, activity_id: str, telemetry_key: str, now_s: float) -> bool:
    """Forget what a tombstone keeps once its time is over; until then False, and looked at again when it is."""
    found = find(connection, owner_id, activity_id, now_s)
    if found is not None:
        events.emit(connection, TELEMETRY_LEFT, owner_id, telemetry_key, now_s, delay_s=found.gone_at_s - now_s)
        return False
    row = connection.execute(select(TOMBSTONES).where(_is(owner_id, activity_id))).one_or_none()
    if row is not None:
        left = {name: _roughly(getattr(row, name), step) for name, step in _ROUGH.items()}
        connection.execute(update(TOMBSTONES).where(_is(owner_id, activity_id)).values(kept=None, **left))
    duplicates.forget(connection, owner_id, activity_id)
    return True


def near(connection: Connection, owner_id: str, start_s: float, duration_s: float) -> list[Gone]:
    """Return what an owner deleted that may be a workout of these times, the last deleted first."""
    first_s, last_s = duplicates.span(start_s, duration_s)
    rows = _NEAR.rows(connection, owner=owner_id, first=first_s - _ROUGH["start_utc_s"], last=last_s)
    found = [Gone(*row) for row in rows]
    found.sort(key=lambda one: (-one.deleted_at_s, one.activity_id))
    return [one for one in found if may_be_same(start_s, duration_s, one.start_utc_s, one.duration_s)]


def _roughly(value: float | None, step: float) -> float | None:
    return None if value is None else step * round(value / step)


def _is(owner_id: str, activity_id: str) -> ColumnElement[bool]:
    return and_(TOMBSTONES.c.owner_id == owner_id, TOMBSTONES.c.activity_id == activity_id)


def _deleted(row: Any) -> Deleted:
    return Deleted(activity_of(row.kept), row.deleted_at_s)
