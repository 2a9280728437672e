"""SQL of the activities. Every statement names the owner."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    insert,
    select,
    update,
)

from paceline_server.activities.changes import Change
from paceline_server.activities.detail_rows import activity_of, row_of
from paceline_server.activities.edits import edits_row
from paceline_server.activities.model import (
    ACTIVITIES,
    FINISHED,
    SHARED_ACTIVITIES,
    TOMBSTONES,
    Activity,
    ActivitySummary,
)
from paceline_server.duplicates import store as duplicates
from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import HEIGHTS_WANTED
from paceline_server.platform import signals
from paceline_server.platform.etags import Condition, tag_of
from paceline_server.platform.policy import Visibility
from paceline_server.platform.prepared import Prepared
from paceline_server.stats import store as sums

_SUMMARY_NAMES = tuple(name for name in ActivitySummary.__dataclass_fields__)
# Built once: its many columns take longer than the statement. It takes its values as it is asked.
_RENEW = (
    update(ACTIVITIES)
    .where(ACTIVITIES.c.owner_id == bindparam("owner"), ACTIVITIES.c.activity_id == bindparam("activity"))
    .values(revision=ACTIVITIES.c.revision + 1)
)
_RENEW_SEEN = _RENEW.where(ACTIVITIES.c.revision == bindparam("seen"))
_ADD = Prepared(insert(ACTIVITIES))
_OF_SOURCE = Prepared(
    select(ACTIVITIES).where(
        ACTIVITIES.c.owner_id == bindparam("owner"), ACTIVITIES.c.source_key == bindparam("source")
    )
)
_DELETED = Prepared(
    select(TOMBSTONES.c.deleted_at_s).where(
        TOMBSTONES.c.owner_id == bindparam("owner"), TOMBSTONES.c.source_key == bindparam("source")
    )
)
SUMMARY = tuple(ACTIVITIES.c[name] for name in _SUMMARY_NAMES)


def ids_of(connection: Connection, owner_id: str) -> list[str]:
    """Return the ids of an owner's activities."""
    query = select(ACTIVITIES.c.activity_id).where(ACTIVITIES.c.owner_id == owner_id)
    return list(connection.execute(query).scalars())


def get(connection: Connection, owner_id: str, activity_id: str) -> Activity | None:
    """Return an owner's activity."""
    query = select(ACTIVITIES).where(_is(owner_id, activity_id))
    row = connection.execute(query).mappings().one_or_none()
    return activity_of(row) if row is not None else None


def get_all(connection: Connection, owner_id: str, activity_ids: Sequence[str]) -> list[Activity]:
    """Return those of an owner's activities that are there, in no order."""
    query = select(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id.in_(activity_ids))
    return [activity_of(row) for row in connection.execute(query).mappings()]


def every(connection: Connection, owner_id: str) -> Iterator[Activity]:
    """Yield all of an owner's activities."""
    for row in connection.execute(select(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id)).mappings():
        yield activity_of(row)


def routes(connection: Connection, owner_id: str, activity_ids: Sequence[str]) -> dict[str, str]:
    """Return the encoded polylines of an owner's activities, by id."""
    columns = (ACTIVITIES.c.activity_id, ACTIVITIES.c.route_polyline)
    of_owner = and_(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id.in_(activity_ids))
    return {row.activity_id: row.route_polyline for row in connection.execute(select(*columns).where(of_owner))}


def wants_heights(activity: Activity) -> bool:
    """Tell whether an activity has a way over the ground, has ended, and recorded no good altitudes."""
    if activity.status != FINISHED or activity.north_deg is None or activity.findings is None:
        return False
    poor = activity.ascent_m is None or bool(activity.findings.rough_altitude)
    return poor and not activity.findings.by_tiles


def may_want_heights(activity: Activity) -> bool:
    """Tell the same, and true where an older program did not look at the altitudes."""
    findings = activity.findings
    unknown = findings is not None and findings.rough_altitude is None and not findings.by_tiles
    return wants_heights(activity) or (unknown and activity.status == FINISHED and activity.north_deg is not None)


def without_heights(connection: Connection, owner_id: str) -> Iterator[str]:
    """Yield the ids of an owner's activities that want heights, and of those of which an older program did not say."""
    table = ACTIVITIES.c
    ended = and_(table.owner_id == owner_id, table.status == FINISHED, table.north_deg.is_not(None))
    for row in connection.execute(select(table.activity_id, table.ascent_m, table.detail).where(ended)):
        found = row.detail.get("findings") or {}
        poor = row.ascent_m is None or found.get("rough_altitude") is not False
        if found and poor and not found.get("by_tiles"):
            yield row.activity_id


def measured_before(connection: Connection, owner_id: str, mark: str, after: str, most: int) -> list[str]:
    """Return ids of an owner's activities, in their order from one on, whose fingerprint begins with another mark.

    Not those without one, which are made anew of their source, nor those that are still recorded.
    """
    table = ACTIVITIES.c
    query = select(table.activity_id).where(table.owner_id == owner_id, table.status == FINISHED)
    query = query.where(table.fingerprint != "", table.fingerprint.not_like(f"{mark}%"))
    if after:
        query = query.where(table.activity_id > after)
    return list(connection.execute(query.order_by(table.activity_id).limit(most)).scalars())


def exists(connection: Connection, owner_id: str, activity_id: str) -> bool:
    """Tell whether an owner has this activity."""
    return connection.execute(select(ACTIVITIES.c.sport).where(_is(owner_id, activity_id))).one_or_none() is not None


def telemetry_sums(connection: Connection, owner_id: str) -> dict[str, str]:
    """Return the SHA-256 of the telemetry of each of an owner's activities, "" where an older program wrote it."""
    columns = (ACTIVITIES.c.activity_id, ACTIVITIES.c.telemetry_sha256)
    rows = connection.execute(select(*columns).where(ACTIVITIES.c.owner_id == owner_id))
    return {row.activity_id: row.telemetry_sha256 for row in rows}


def telemetry_sum(connection: Connection, owner_id: str, activity_id: str) -> str | None:
    """Return the SHA-256 of an activity's telemetry, None when an owner has no such activity."""
    query = select(ACTIVITIES.c.telemetry_sha256).where(_is(owner_id, activity_id))
    return connection.execute(query).scalar_one_or_none()


def made_of(connection: Connection, owner_id: str, activity_id: str) -> str | None:
    """Let an activity be made anew when its source is read; return the source, None when there is no activity."""
    source = select(ACTIVITIES.c.source_key).where(_is(owner_id, activity_id))
    connection.execute(update(ACTIVITIES).where(_is(owner_id, activity_id)).values(fingerprint=""))
    return connection.execute(source).scalar_one_or_none()


def let_be_made_anew(connection: Connection, owner_id: str) -> None:
    """Forget for what an owner's activities stand, so that they are made again when their sources are read."""
    connection.execute(update(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id).values(fingerprint=""))


def find_source(connection: Connection, owner_id: str, source_key: str) -> Activity | None:
    """Return the activity that a source (a journal's session) has become."""
    row = _OF_SOURCE.row(connection, owner=owner_id, source=source_key)
    return activity_of(row._asdict()) if row is not None else None


def standing(connection: Connection, owner_id: str, source_key: str) -> tuple[Activity | None, bool]:
    """Return the activity of a source, and whether it was deleted."""
    before = find_source(connection, owner_id, source_key)
    return before, before is None and is_deleted(connection, owner_id, source_key)


def stand(connection: Connection, activity: Activity, behind: str | None) -> None:
    """Let an activity stand behind another one, or be shown itself; what is counted changes with it."""
    after = replace(activity, behind=behind)
    counted = {"behind": behind, "revision": ACTIVITIES.c.revision + 1}
    connection.execute(update(ACTIVITIES).where(_is(activity.owner_id, activity.activity_id)).values(counted))
    sums.take(connection, after, tell=False)


def is_deleted(connection: Connection, owner_id: str, source_key: str) -> bool:
    """Tell whether the activity of this source was deleted, and must not come back."""
    return _DELETED.row(connection, owner=owner_id, source=source_key) is not None


def save(connection: Connection, activity: Activity, change: Change, seen: int | None = None) -> bool:
    """Add the activity, or replace the one of its id; False (and nothing done) when its source was deleted.

    Nothing is done either when there is a row whose revision is not the one that was `seen` (None: whatever it is). The
    change is told to other servers as it becomes durable.
    """
    if is_deleted(connection, activity.owner_id, activity.source_key):
        return False
    values = row_of(activity)
    known = {"owner": activity.owner_id, "activity": activity.activity_id}
    if seen is None:
        changed = connection.execute(_RENEW, values | known)
    else:
        changed = connection.execute(_RENEW_SEEN, values | known | {"seen": seen})
    if changed.rowcount == 0:
        if exists(connection, activity.owner_id, activity.activity_id):
            return False
        connection.execute(insert(ACTIVITIES), values)
        if activity.visibility is not Visibility.PRIVATE:
            share(connection, activity)
    # Where it may be counted already, nobody is told before that is known (duplicates/settling.py).
    overlaps = duplicates.tell_overlap(connection, activity)
    sums.take(connection, activity, tell=not overlaps)
    if wants_heights(activity):
        events.emit(connection, HEIGHTS_WANTED, activity.owner_id, activity.activity_id, activity.updated_at_s)
    signals.send(connection, change.as_text())
    return True


def add(connection: Connection, activities: Sequence[Activity]) -> None:
    """Add an owner's activities, none of which is there or was deleted."""
    if not activities:
        return
    _ADD.change_each(connection, [row_of(one) for one in activities])
    overlaps = [duplicates.tell_overlap(connection, one) for one in activities]
    sums.add(connection, activities, tell=not any(overlaps))
    for one in activities:
        if one.visibility is not Visibility.PRIVATE:
            share(connection, one)
        if wants_heights(one):
            events.emit(connection, HEIGHTS_WANTED, one.owner_id, one.activity_id, one.updated_at_s)
        signals.send(connection, Change(one.owner_id, one.activity_id).as_text())


def edit(connection: Connection, activity: Activity, change: Change, seen: int, condition: Condition) -> bool:
    """Let an activity be as it was edited; False when it changed since revision `seen`, and nothing is done.

    PreconditionError when what was said before is not what the condition demands.
    """
    held = get(connection, activity.owner_id, activity.activity_id)
    condition.demand(None if held is None else state_tag(held))
    if held is None or held.revision != seen:
        return False
    if activity.visibility is not Visibility.PRIVATE:
        share(connection, activity)
    return save(connection, activity, change, seen)


def state_tag(activity: Activity) -> str:
    """Return the tag of what an edit may overwrite."""
    return tag_of(edits_row(activity.edits))


def shown_as(connection: Connection, viewer_id: str | None, activity_id: str) -> tuple[str, Visibility] | None:
    """Return owner and visibility of the activity that a viewer means by an id; None when there is none.

    That is one's own, else the one that was shown to others.
    """
    own = None if viewer_id is None else _visibility(connection, viewer_id, activity_id)
    if viewer_id is not None and own is not None:
        return viewer_id, own
    owner_id = owner_of_shared(connection, activity_id)
    visibility = None if owner_id is None else _visibility(connection, owner_id, activity_id)
    return (owner_id, visibility) if owner_id is not None and visibility is not None else None


def owner_of_shared(connection: Connection, activity_id: str) -> str | None:
    """Return whose activity this is, if it was ever shown to others."""
    query = select(SHARED_ACTIVITIES.c.owner_id).where(SHARED_ACTIVITIES.c.activity_id == activity_id)
    return connection.execute(query).scalar_one_or_none()


def _visibility(connection: Connection, owner_id: str, activity_id: str) -> Visibility | None:
    query = select(ACTIVITIES.c.visibility).where(_is(owner_id, activity_id))
    word = connection.execute(query).scalar_one_or_none()
    return None if word is None else Visibility(word)


def share(connection: Connection, activity: Activity) -> None:
    """Let others find an activity by its id; ConflictError when that is the id of another's."""
    owner_id = owner_of_shared(connection, activity.activity_id)
    if owner_id is None:
        row = {"activity_id": activity.activity_id, "owner_id": activity.owner_id}
        connection.execute(insert(SHARED_ACTIVITIES).values(**row))
    elif owner_id != activity.owner_id:
        raise ConflictError("id_used", "An activity of this id cannot be shown to others: the id is taken.")


def _is(owner_id: str, activity_id: str) -> ColumnElement[bool]:
    return and_(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id == activity_id)


def summary_of(row: Sequence[Any]) -> ActivitySummary:
    """Return the summary of a row of the columns of SUMMARY."""
    values: dict[str, Any] = dict(zip(_SUMMARY_NAMES, row, strict=True))
    values["visibility"] = Visibility(values["visibility"])
    return ActivitySummary(**values)
