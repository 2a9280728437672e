"""SQL of the activities. Every statement names the owner."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from paceline_server.activities.changes import Change
from paceline_server.activities.findings_rows import findings_of, findings_row
from paceline_server.activities.model import (
    ACTIVITIES,
    TOMBSTONES,
    Activity,
    ActivitySummary,
    Split,
)
from paceline_server.events import store as events
from paceline_server.events.declared import TELEMETRY_LEFT
from paceline_server.formats.receipt import Gap, Receipt
from paceline_server.formats.recording import ExerciseSet, Lap, Length, Pause
from paceline_server.platform import signals
from paceline_server.platform.blobs import blob_key
from paceline_server.stats import store as sums

_SUMMARY_NAMES = tuple(name for name in ActivitySummary.__dataclass_fields__)
_SUMMARY = tuple(ACTIVITIES.c[name] for name in _SUMMARY_NAMES)


def list_for(connection: Connection, owner_id: str, limit: int, offset: int) -> list[ActivitySummary]:
    """Return an owner's activities, the latest start first."""
    query = (
        select(*_SUMMARY)
        .where(ACTIVITIES.c.owner_id == owner_id)
        .order_by(ACTIVITIES.c.start_utc_s.desc(), ACTIVITIES.c.activity_id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [ActivitySummary(**row) for row in connection.execute(query).mappings()]


def count_for(connection: Connection, owner_id: str) -> int:
    """Return how many activities an owner has."""
    query = select(func.count()).select_from(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id)
    return connection.execute(query).scalar_one()


def get(connection: Connection, owner_id: str, activity_id: str) -> Activity | None:
    """Return an owner's activity."""
    query = select(ACTIVITIES).where(_is(owner_id, activity_id))
    row = connection.execute(query).mappings().one_or_none()
    return _activity(row) if row is not None else None


def every(connection: Connection, owner_id: str) -> Iterator[Activity]:
    """Yield all of an owner's activities."""
    for row in connection.execute(select(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id)).mappings():
        yield _activity(row)


def routes(connection: Connection, owner_id: str, activity_ids: Sequence[str]) -> dict[str, str]:
    """Return the encoded polylines of an owner's activities, by id."""
    columns = (ACTIVITIES.c.activity_id, ACTIVITIES.c.route_polyline)
    of_owner = and_(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id.in_(activity_ids))
    return {row.activity_id: row.route_polyline for row in connection.execute(select(*columns).where(of_owner))}


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


def ids_of(connection: Connection, owner_id: str) -> list[str]:
    """Return the ids of an owner's activities."""
    query = select(ACTIVITIES.c.activity_id).where(ACTIVITIES.c.owner_id == owner_id)
    return list(connection.execute(query).scalars())


def let_be_made_anew(connection: Connection, owner_id: str) -> None:
    """Forget for what an owner's activities stand, so that they are made again when their sources are read."""
    connection.execute(update(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id).values(fingerprint=""))


def find_source(connection: Connection, owner_id: str, source_key: str) -> Activity | None:
    """Return the activity that a source (a journal's session) has become."""
    query = select(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.source_key == source_key)
    row = connection.execute(query).mappings().one_or_none()
    return _activity(row) if row is not None else None


def standing(connection: Connection, owner_id: str, source_key: str) -> tuple[Activity | None, bool]:
    """Return the activity of a source, and whether it was deleted."""
    before = find_source(connection, owner_id, source_key)
    return before, before is None and is_deleted(connection, owner_id, source_key)


def is_deleted(connection: Connection, owner_id: str, source_key: str) -> bool:
    """Tell whether the activity of this source was deleted, and must not come back."""
    query = select(TOMBSTONES.c.deleted_at_s).where(
        TOMBSTONES.c.owner_id == owner_id, TOMBSTONES.c.source_key == source_key
    )
    return connection.execute(query).one_or_none() is not None


def save(connection: Connection, activity: Activity, change: Change) -> bool:
    """Add the activity, or replace the one of its id; False (and nothing done) when its source was deleted.

    The change is told to other servers as it becomes durable.
    """
    if is_deleted(connection, activity.owner_id, activity.source_key):
        return False
    values = _values(activity)
    changed = connection.execute(update(ACTIVITIES).where(_is(activity.owner_id, activity.activity_id)).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(ACTIVITIES).values(values))
    sums.take(connection, activity)
    signals.send(connection, change.as_text())
    return True


def remove(connection: Connection, owner_id: str, activity_id: str, telemetry_place: str, now_s: float) -> bool:
    """Delete an activity and leave a tombstone for its source; False when there is none. Its telemetry goes later."""
    query = select(ACTIVITIES.c.source_key, ACTIVITIES.c.telemetry_sha256).where(_is(owner_id, activity_id))
    row = connection.execute(query).one_or_none()
    if row is None:
        return False
    connection.execute(delete(ACTIVITIES).where(_is(owner_id, activity_id)))
    connection.execute(insert(TOMBSTONES).values(owner_id=owner_id, source_key=row.source_key, deleted_at_s=now_s))
    sums.forget(connection, owner_id, activity_id)
    events.emit(connection, TELEMETRY_LEFT, owner_id, blob_key(telemetry_place, row.telemetry_sha256), now_s)
    signals.send(connection, Change(owner_id, activity_id, gone=True).as_text())
    return True


def _is(owner_id: str, activity_id: str) -> ColumnElement[bool]:
    return and_(ACTIVITIES.c.owner_id == owner_id, ACTIVITIES.c.activity_id == activity_id)


def _values(activity: Activity) -> dict[str, Any]:
    values = {column.name: getattr(activity, column.name) for column in ACTIVITIES.c if column.name != "detail"}
    values["detail"] = {
        "receipt": activity.receipt.as_fields(),
        "laps": [[lap.start_s, lap.end_s, lap.trigger] for lap in activity.laps],
        "pauses": [[pause.start_s, pause.end_s] for pause in activity.pauses],
        "splits": [
            [split.distance_m, split.duration_s, split.moving_time_s, split.ascent_m, split.heart_rate_avg_bpm]
            for split in activity.splits
        ],
        "lengths": [[one.start_s, one.end_s, one.strokes, one.pool_m] for one in activity.lengths],
        "sets": [[one.start_s, one.end_s, one.repetitions] for one in activity.sets],
        "findings": findings_row(activity.findings) if activity.findings is not None else None,
    }
    return values


def _activity(row: RowMapping) -> Activity:
    values: dict[str, Any] = dict(row)
    detail: Mapping[str, Any] = values.pop("detail")
    receipt = detail["receipt"]
    return Activity(
        **values,
        receipt=Receipt(
            recorded=receipt["recorded"],
            received=receipt["received"],
            gaps=tuple(Gap(gap["from"], gap["to"]) for gap in receipt["gaps"]),
            sealed=receipt["sealed"],
            problems=tuple(receipt["problems"]),
        ),
        laps=tuple(Lap(*lap) for lap in detail["laps"]),
        pauses=tuple(Pause(*pause) for pause in detail["pauses"]),
        splits=tuple(Split(*split) for split in detail["splits"]),
        lengths=tuple(Length(*length) for length in detail.get("lengths", ())),
        sets=tuple(ExerciseSet(*one) for one in detail.get("sets", ())),
        findings=findings_of(detail.get("findings")),
    )
