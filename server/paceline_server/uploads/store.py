"""SQL of the uploads. Every statement names the owner."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from paceline_server.activities import store as activities
from paceline_server.activities.changes import Change
from paceline_server.activities.model import Activity
from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import UPLOAD_GREW, UPLOAD_LEFT
from paceline_server.platform.turns import alone
from paceline_server.tombstones import store as tombstones
from paceline_server.uploads.model import LEFT, OPEN, UPLOAD_PARTS, UPLOADS, Said, Upload
from paceline_server.users import store as users

LEFT_S = 12 * 3600.0  # an upload of which nothing is heard for so long has ended


def begin(
    connection: Connection, upload: Upload, activity: Activity, part: tuple[int, bytes] | None
) -> tuple[Upload | None, str, bool]:
    """Keep a new upload, its activity and its first points (how many, bytes).

    Return the upload that is there under this source, its activity's id, and whether it was made now; the upload is
    None when it was deleted.
    """
    owner_id, now_s = upload.owner_id, upload.created_at_s
    alone(connection, owner_id, f"upload {activity.source_key}")
    there = activities.find_source(connection, owner_id, activity.source_key)
    if there is not None:
        return get(connection, owner_id, there.activity_id), there.activity_id, False
    deleted = tombstones.id_of(connection, owner_id, activity.source_key)
    if deleted is not None:
        return None, deleted, False
    if activities.exists(connection, owner_id, upload.activity_id):
        raise ConflictError("id_used", "There is another activity of this id.")
    connection.execute(insert(UPLOADS).values(**_values(upload)))
    if part is not None:
        _add_part(connection, upload, 0, *part)
    activities.save(connection, activity, Change(owner_id, activity.activity_id))
    _grew(connection, upload, now_s)
    if upload.state == OPEN:
        events.emit(connection, UPLOAD_LEFT, owner_id, upload.activity_id, now_s, delay_s=LEFT_S)
    return upload, upload.activity_id, True


def get(connection: Connection, owner_id: str, activity_id: str) -> Upload | None:
    """Return an owner's upload."""
    row = connection.execute(select(UPLOADS).where(_is(UPLOADS, owner_id, activity_id))).mappings().one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = {str(name): value for name, value in row.items()}
    said = dict(values.pop("said"))
    for name in ("sets", "laps", "pauses"):  # the first rows had neither laps nor pauses
        said[name] = tuple(tuple(one) for one in said.get(name, ()))
    return Upload(**values, said=Said(**said))


def locked(connection: Connection, owner_id: str, activity_id: str) -> Upload | None:
    """Return an upload; whoever else adds to it waits for the end of the transaction."""
    alone(connection, owner_id, f"upload {activity_id}")
    return get(connection, owner_id, activity_id) if activities.exists(connection, owner_id, activity_id) else None


def parts(
    connection: Connection, owner_id: str, activity_id: str, from_row: int = 0, to_row: int | None = None
) -> list[tuple[int, bytes]]:
    """Return the parts (first row, bytes) that have rows of a range, in order."""
    table = UPLOAD_PARTS.c
    query = select(table.from_row, table.body).where(
        _is(UPLOAD_PARTS, owner_id, activity_id), table.from_row + table.rows > from_row
    )
    if to_row is not None:
        query = query.where(table.from_row < to_row)
    return [(row.from_row, row.body) for row in connection.execute(query.order_by(table.from_row))]


def grow(connection: Connection, upload: Upload, rows: int, body: bytes, now_s: float) -> None:
    """Add points behind those that are held; one that was left goes on."""
    _add_part(connection, upload, upload.points, rows, body)
    state = OPEN if upload.state == LEFT else upload.state
    values = {"points": upload.points + rows, "heard_at_s": now_s, "state": state}
    connection.execute(update(UPLOADS).where(_is(UPLOADS, upload.owner_id, upload.activity_id)).values(values))
    if upload.state == LEFT:
        events.emit(connection, UPLOAD_LEFT, upload.owner_id, upload.activity_id, now_s, delay_s=LEFT_S)
    _grew(connection, upload, now_s)


def end(connection: Connection, upload: Upload, state: str, said: Said, now_s: float) -> None:
    """Let an upload have ended."""
    values = {"state": state, "said": asdict(said)}
    connection.execute(update(UPLOADS).where(_is(UPLOADS, upload.owner_id, upload.activity_id)).values(values))
    _grew(connection, upload, now_s)


def look_after(connection: Connection, owner_id: str, activity_id: str, now_s: float) -> None:
    """End an upload of which nothing was heard for long; otherwise look again when that could be."""
    upload = locked(connection, owner_id, activity_id)
    if upload is None or upload.state != OPEN:
        return
    rest_s = upload.heard_at_s + LEFT_S - now_s
    if rest_s > 0:
        events.emit(connection, UPLOAD_LEFT, owner_id, activity_id, now_s, delay_s=rest_s)
    else:
        end(connection, upload, LEFT, upload.said, now_s)


def forget(connection: Connection, owner_id: str, activity_id: str) -> None:
    """Forget what was sent of an activity that is gone for good."""
    for table in (UPLOADS, UPLOAD_PARTS):
        connection.execute(delete(table).where(_is(table, owner_id, activity_id)))


def every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, activity) of all uploads."""
    for user in users.everybody(connection):
        query = select(UPLOADS.c.activity_id).where(UPLOADS.c.owner_id == user.owner_id)
        for activity_id in connection.execute(query).scalars():
            yield user.owner_id, activity_id


def every_open(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, activity) of the uploads that have not ended."""
    for owner_id, activity_id in every(connection):
        upload = get(connection, owner_id, activity_id)
        if upload is not None and upload.state == OPEN:
            yield owner_id, activity_id


def _grew(connection: Connection, upload: Upload, now_s: float) -> None:
    events.emit(connection, UPLOAD_GREW, upload.owner_id, upload.activity_id, now_s)


def _add_part(connection: Connection, upload: Upload, from_row: int, rows: int, body: bytes) -> None:
    key = {"owner_id": upload.owner_id, "activity_id": upload.activity_id, "from_row": from_row}
    connection.execute(insert(UPLOAD_PARTS).values(**key, rows=rows, body=body))


def _values(upload: Upload) -> dict[str, Any]:
    return asdict(upload)


def _is(table: Table, owner_id: str, activity_id: str) -> ColumnElement[bool]:
    return and_(table.c.owner_id == owner_id, table.c.activity_id == activity_id)
