"""SQL of the archives that are read. Every statement names the owner."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from paceline_server.activities import store as activities
from paceline_server.activities.model import ACTIVITIES, SHARED_ACTIVITIES, TOMBSTONES
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.archive_tables.model import KeptTable, table_of
from paceline_server.archives.model import (
    ARCHIVE_ORIGINS,
    ARCHIVES,
    FAILED_FOR_GOOD,
    REFUSED,
    SENT,
    TAKEN,
    TAKING,
    ArchiveRead,
)
from paceline_server.daily.model import DAILY_PARTS, DAY_COUNTS, DAY_SLEEPS
from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import (
    ARCHIVE_SENT,
    IMPORT_GREW,
    IMPORT_LEFT,
    JOURNAL_GREW,
    NOTICES_TIMED,
    TELEMETRY_DAMAGED,
    TELEMETRY_LEFT,
    UPLOAD_GREW,
    UPLOAD_LEFT,
)
from paceline_server.events.model import Turn
from paceline_server.gear.model import GEAR
from paceline_server.goals.model import GOALS
from paceline_server.imports.model import IMPORTS
from paceline_server.journals.model import JOURNALS, JournalRef
from paceline_server.platform.blobs import blob_key
from paceline_server.platform.policy import Visibility
from paceline_server.platform.turns import alone
from paceline_server.stats import store as sums
from paceline_server.tombstones.store import RESTORABLE_S
from paceline_server.uploads.model import OPEN, UPLOADS
from paceline_server.users import store as users

ROWS_AT_ONCE = 100
HANDLER, SUBJECT = "archives", "all"
_EMPTY = (ACTIVITIES, TOMBSTONES, UPLOADS, IMPORTS, JOURNALS, GOALS, GEAR, DAILY_PARTS, DAY_COUNTS, DAY_SLEEPS)
"""What an account must have nothing of, to take an archive: so nothing of it is written over, or mixed with."""


def get(connection: Connection, owner_id: str) -> ArchiveRead | None:
    """Return how far the archive is that a user sent last."""
    row = connection.execute(select(ARCHIVES).where(ARCHIVES.c.owner_id == owner_id)).mappings().one_or_none()
    return ArchiveRead(**{str(name): value for name, value in row.items()}) if row is not None else None


def seen(connection: Connection, owner_id: str) -> ArchiveRead | None:
    """Return it as its owner sees it: one whose reading failed again and again is refused, and another may come."""
    found = get(connection, owner_id)
    if found is not None and found.at_work and events.has_failed(connection, _turn(owner_id)):
        return replace(found, state=REFUSED, reason=FAILED_FOR_GOOD)
    return found


def sent(connection: Connection, owner_id: str, staged: str, now_s: float) -> ArchiveRead:
    """Note that an archive is here, and have it read; ConflictError while another one is."""
    alone(connection, owner_id, "archive")
    before = seen(connection, owner_id)
    if before is not None and before.at_work:
        raise ConflictError("archive_at_work", "An archive is being read already.")
    # How far the one before it came stays until this one is known: it may be the same again.
    first = before or ArchiveRead(owner_id, SENT, staged)
    found = replace(first, state=SENT, staged=staged, reason="", sent_at_s=now_s)
    if before is None:
        connection.execute(insert(ARCHIVES).values(asdict(found)))
    else:
        keep(connection, found)
    events.let_go(connection, _turn(owner_id))
    events.emit(connection, ARCHIVE_SENT, owner_id, SUBJECT, now_s)
    return found


def keep(connection: Connection, found: ArchiveRead) -> None:
    """Let an archive be as it says."""
    connection.execute(update(ARCHIVES).where(ARCHIVES.c.owner_id == found.owner_id).values(asdict(found)))


def _turn(owner_id: str) -> Turn:
    return Turn(owner_id, HANDLER, SUBJECT)


def is_empty(connection: Connection, owner_id: str) -> bool:
    """Tell whether an account has nothing yet that an archive could get in the way of."""
    return not any(
        connection.execute(select(literal(1)).where(_of(table, owner_id)).limit(1)).scalar() for table in _EMPTY
    )


def begin(connection: Connection, found: ArchiveRead, origin_id: str, digest: str, total_rows: int) -> ArchiveRead:
    """Note that an archive is taken, and whether with new ids: its own are kept where no other account has them."""
    renew = not _may_keep(connection, found.owner_id, origin_id)
    taking = replace(found, state=TAKING, digest=digest, renewed=renew, total_rows=total_rows, taken_rows=0)
    keep(connection, taking)
    return taking


def _may_keep(connection: Connection, owner_id: str, origin_id: str) -> bool:
    if origin_id != owner_id and users.get(connection, origin_id) is not None:
        return False
    query = select(ARCHIVE_ORIGINS.c.owner_id).where(ARCHIVE_ORIGINS.c.origin_id == origin_id)
    holder = connection.execute(query).scalar_one_or_none()
    if holder is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(ARCHIVE_ORIGINS).values(origin_id=origin_id, owner_id=owner_id))
        except IntegrityError:  # another account was first, just now
            return False
    return holder in (None, owner_id)


def shared_by_others(connection: Connection, owner_id: str, activity_ids: Sequence[str]) -> bool:
    """Tell whether others have shown an activity of one of these ids."""
    table = SHARED_ACTIVITIES.c
    query = select(table.owner_id).where(table.activity_id.in_(activity_ids), table.owner_id != owner_id).limit(1)
    return connection.execute(query).one_or_none() is not None


def put(connection: Connection, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows of an archive; what is there already stays as it is, so that rows may be put again."""
    table = table_of(name)
    fresh = list(_added(connection, table, rows))
    if table is ACTIVITIES:
        found = (activities.get(connection, row["owner_id"], row["activity_id"]) for row in fresh)
        made = [activity for activity in found if activity is not None]
        if made:  # who hears of what is counted heard of it where it comes from
            sums.add(connection, made, tell=False)
        for activity in made:
            if activity.visibility is not Visibility.PRIVATE:
                activities.share(connection, activity)


def _added(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    try:
        with connection.begin_nested():
            connection.execute(insert(table), rows)
        return rows
    except IntegrityError:
        return [row for row in rows if _one_added(connection, table, row)]


def _one_added(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(row))
        return True
    except IntegrityError:  # put before, or there is other data under the same key: that stays
        return False


def finish(connection: Connection, found: ArchiveRead, missing: Iterable[str], now_s: float) -> None:
    """Note that all is in its place, and have done what was still to be done of it where it came from."""
    owner_id = found.owner_id
    for row in connection.execute(select(JOURNALS).where(_of(JOURNALS, owner_id))):
        if row.processed_position < row.held_position:
            subject = JournalRef(owner_id, row.device_id, row.epoch).subject
            events.emit(connection, JOURNAL_GREW, owner_id, subject, now_s)
    for row in connection.execute(select(UPLOADS).where(_of(UPLOADS, owner_id))):
        if row.state == OPEN:
            events.emit(connection, UPLOAD_GREW, owner_id, row.activity_id, now_s)
            events.emit(connection, UPLOAD_LEFT, owner_id, row.activity_id, now_s)
    for batch_id in connection.execute(select(IMPORTS.c.batch_id).where(_of(IMPORTS, owner_id))).scalars():
        events.emit(connection, IMPORT_GREW, owner_id, batch_id, now_s)
        events.emit(connection, IMPORT_LEFT, owner_id, batch_id, now_s)
    deleted = connection.execute(select(TOMBSTONES).where(_of(TOMBSTONES, owner_id)))
    for row in deleted:
        if row.kept is not None:
            key = blob_key(telemetry_place(owner_id, row.activity_id), row.kept["telemetry_sha256"])
            delay_s = max(0.0, row.deleted_at_s + RESTORABLE_S - now_s)
            events.emit(connection, TELEMETRY_LEFT, owner_id, key, now_s, delay_s=delay_s)
    for activity_id in missing:
        events.emit(connection, TELEMETRY_DAMAGED, owner_id, activity_id, now_s)
    events.emit(connection, NOTICES_TIMED, owner_id, "all", now_s)
    keep(connection, replace(found, state=TAKEN, reason="", taken_rows=found.total_rows))


def every_at_work(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield everybody whose archive is being read, and what its event is about."""
    for user in users.everybody(connection):
        found = get(connection, user.owner_id)
        if found is not None and found.at_work:
            yield user.owner_id, "all"


def rows(connection: Connection, owner_id: str, table: KeptTable) -> Iterator[Sequence[Any]]:
    """Yield the rows of an owner in the order of the key, few at once: the columns that an archive holds."""
    held = table_of(table.name)
    query = select(*(held.c[field.name] for field in table.fields)).where(held.c.owner_id == owner_id)
    ordered = query.order_by(*held.primary_key.columns)
    yield from connection.execution_options(yield_per=ROWS_AT_ONCE).execute(ordered)


def _of(table: Table, owner_id: str) -> ColumnElement[bool]:
    return and_(table.c.owner_id == owner_id)
