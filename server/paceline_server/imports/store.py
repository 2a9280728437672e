"""SQL of the imports. Every statement names the owner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from paceline_server.activities.detail_rows import activity_of
from paceline_server.activities.model import ACTIVITIES, TOMBSTONES
from paceline_server.analysis.same_workout import Same
from paceline_server.errors import TooManyError
from paceline_server.events import store as events
from paceline_server.events.declared import IMPORT_GREW, IMPORT_LEFT, ORIGINAL_WANTED
from paceline_server.imports.model import (
    BACK,
    CHOOSABLE,
    COMES,
    COMING,
    EDITED,
    FORGOTTEN,
    IMPORT_FILES,
    IMPORTED,
    IMPORTS,
    MOST_UNDER_WAY,
    PENDING,
    READING,
    Batch,
    Beside,
    Found,
    ImportFile,
)
from paceline_server.imports.originals import file_behind, source_key
from paceline_server.imports.said_days import SaidDays
from paceline_server.imports.spooling import said_from, said_row
from paceline_server.platform.prepared import Prepared
from paceline_server.users import store as users

DAYS = "days"  # what is made anew: an activity, or all days that files say something of
CAME_S = 3600.0  # longer than any body takes to come
_FILE_KEY = ("owner_id", "batch_id", "number")
_I, _F = IMPORTS.c, IMPORT_FILES.c
_BATCH = Prepared(select(IMPORTS).where(_I.owner_id == bindparam("owner"), _I.batch_id == bindparam("batch")))
_ADD_BATCH = Prepared(insert(IMPORTS))
_KEEP = Prepared(update(IMPORTS).where(_I.owner_id == bindparam("owner"), _I.batch_id == bindparam("batch")))
_STATES = Prepared(select(_I.state).where(_I.owner_id == bindparam("owner")))
_OF_BATCH = and_(_F.owner_id == bindparam("owner"), _F.batch_id == bindparam("batch"))
_COUNTS = Prepared(select(_F.state, func.count()).where(_OF_BATCH).group_by(_F.state).order_by(_F.state))
_FILES = Prepared(
    select(IMPORT_FILES).where(_OF_BATCH, _F.number > bindparam("after")).order_by(_F.number).limit(bindparam("most"))
)
_ADD_FILE = Prepared(insert(IMPORT_FILES))
_KEEP_FILE = Prepared(update(IMPORT_FILES).where(_OF_BATCH, _F.number == bindparam("of_number")))
_TWIN = Prepared(
    select(func.min(_F.number)).where(_OF_BATCH, _F.sha256 == bindparam("sum"), _F.number < bindparam("below"))
)
_BATCH_KEY = ("owner_id", "batch_id")
_BATCH_NAMES = tuple(column.name for column in _I)
_FILE_VALUES = tuple(column.name for column in IMPORT_FILES.c if column.name not in _FILE_KEY)


def begin(connection: Connection, batch: Batch) -> None:
    """Keep a batch whose bytes come now; should they not come after all, somebody looks.

    TooManyError while too many of its owner's are not read yet.
    """
    if under_way(connection, batch.owner_id) >= MOST_UNDER_WAY:
        raise TooManyError("imports", f"{MOST_UNDER_WAY} imports are not read yet: wait for them.", retry_after_s=5)
    add_batch(connection, batch)
    events.emit(connection, IMPORT_GREW, batch.owner_id, batch.batch_id, batch.made_at_s, delay_s=CAME_S)


def add_batch(connection: Connection, batch: Batch) -> None:
    """Add a batch as it is."""
    _ADD_BATCH.change(connection, **{name: getattr(batch, name) for name in _BATCH_NAMES})


def go_on(connection: Connection, batch: Batch, now_s: float) -> None:
    """Let a batch be in a state in which there is something to do."""
    keep(connection, batch)
    events.emit(connection, IMPORT_GREW, batch.owner_id, batch.batch_id, now_s)


def keep(connection: Connection, batch: Batch) -> None:
    """Let a batch be as it says."""
    values = {name: getattr(batch, name) for name in _BATCH_NAMES if name not in _BATCH_KEY}
    _KEEP.change(connection, owner=batch.owner_id, batch=batch.batch_id, **values)


def unstaged(connection: Connection, owner_id: str, batch_id: str) -> None:
    """Note that what came is not needed any more."""
    connection.execute(update(IMPORTS).where(_is(IMPORTS, owner_id, batch_id)).values(staged_sha256=""))


def forget(connection: Connection, owner_id: str, batch_id: str) -> None:
    """Forget a batch whose bytes never came."""
    connection.execute(delete(IMPORTS).where(_is(IMPORTS, owner_id, batch_id)))


def get(connection: Connection, owner_id: str, batch_id: str) -> Batch | None:
    """Return an owner's batch."""
    row = _BATCH.row(connection, owner=owner_id, batch=batch_id)
    return Batch(**row._asdict()) if row is not None else None


def latest(connection: Connection, owner_id: str, limit: int, offset: int = 0) -> list[Batch]:
    """Return an owner's batches, the latest first."""
    query = select(IMPORTS).where(IMPORTS.c.owner_id == owner_id).order_by(IMPORTS.c.batch_id.desc())
    return [_batch(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def under_way(connection: Connection, owner_id: str) -> int:
    """Count the batches that are not read yet."""
    return sum(state in (COMING, READING) for state in _STATES.column(connection, owner=owner_id))


def counts(connection: Connection, owner_id: str, batch_id: str) -> dict[str, int]:
    """Return how many files of a batch are in each state."""
    rows = _COUNTS.rows(connection, owner=owner_id, batch=batch_id)
    return {str(name): int(count) for name, count in rows}


def files(connection: Connection, owner_id: str, batch_id: str, after: int, limit: int) -> list[ImportFile]:
    """Return files of a batch with numbers above `after`, in order."""
    rows = _FILES.rows(connection, owner=owner_id, batch=batch_id, after=after, most=limit)
    return [_file(row._asdict()) for row in rows]


def names(connection: Connection, owner_id: str, batch_id: str, numbers: Iterable[int]) -> dict[int, str]:
    """Return the names of files of a batch by their numbers."""
    query = select(_F.number, _F.name).where(_is(IMPORT_FILES, owner_id, batch_id), _F.number.in_(list(numbers)))
    return {row.number: row.name for row in connection.execute(query)}


def coming(connection: Connection, owner_id: str, batch_id: str) -> list[ImportFile]:
    """Return the files of a batch that are imported unless its owner says otherwise."""
    return _in_states(connection, owner_id, batch_id, COMES, None)


def _in_states(
    connection: Connection, owner_id: str, batch_id: str, states: Sequence[str], limit: int | None
) -> list[ImportFile]:
    query = select(IMPORT_FILES).where(_is(IMPORT_FILES, owner_id, batch_id), IMPORT_FILES.c.state.in_(states))
    return [_file(row) for row in connection.execute(query.limit(limit)).mappings()]


def wanted(connection: Connection, owner_id: str, batch_id: str, wish: str, limit: int) -> list[ImportFile]:
    """Return files that wait for being worked off, for this reason."""
    query = select(IMPORT_FILES).where(_is(IMPORT_FILES, owner_id, batch_id), IMPORT_FILES.c.wanted == wish)
    return [_file(row) for row in connection.execute(query.order_by(IMPORT_FILES.c.number).limit(limit)).mappings()]


def wish(connection: Connection, batch: Batch, word: str, states: Sequence[str], numbers: Iterable[int] | None) -> int:
    """Let files in these states be wanted (of these numbers, or all); return how many."""
    where = [_is(IMPORT_FILES, batch.owner_id, batch.batch_id), IMPORT_FILES.c.state.in_(states)]
    if numbers is not None:
        where.append(IMPORT_FILES.c.number.in_(sorted(set(numbers))))
    return connection.execute(update(IMPORT_FILES).where(*where).values(wanted=word)).rowcount


def wish_back(connection: Connection, batch: Batch) -> None:
    """Let all that was imported or may be be undone, but what was found to stay."""
    where = (_is(IMPORT_FILES, batch.owner_id, batch.batch_id), IMPORT_FILES.c.state.in_((IMPORTED, *PENDING)))
    connection.execute(update(IMPORT_FILES).where(*where, IMPORT_FILES.c.reason != EDITED).values(wanted=BACK))


def take_back(connection: Connection, batch: Batch, now_s: float) -> None:
    """Have all of a batch undone."""
    files_of = and_(_is(IMPORT_FILES, batch.owner_id, batch.batch_id), IMPORT_FILES.c.reason == EDITED)
    connection.execute(update(IMPORT_FILES).where(files_of).values(reason=""))
    wish_back(connection, batch)
    go_on(connection, batch, now_s)


def wait(connection: Connection, batch: Batch, now_s: float, wait_s: float) -> None:
    """Have somebody look after files of a batch that wait for their owner's word, when they waited long enough."""
    if waiting(connection, batch.owner_id, batch.batch_id, 1):
        events.emit(connection, IMPORT_LEFT, batch.owner_id, batch.batch_id, now_s, delay_s=wait_s)


def waiting(connection: Connection, owner_id: str, batch_id: str, limit: int) -> list[ImportFile]:
    """Return files of a batch that wait for their owner's word."""
    return _in_states(connection, owner_id, batch_id, CHOOSABLE, limit)


def forgotten_sums(connection: Connection, owner_id: str, batch_id: str) -> list[str]:
    """Return the sums of the files of a batch that were let go."""
    query = select(IMPORT_FILES.c.sha256).where(
        _is(IMPORT_FILES, owner_id, batch_id), IMPORT_FILES.c.state == FORGOTTEN
    )
    return sorted(set(connection.execute(query).scalars()))


def every_waiting(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, batch) of the batches of which files wait."""
    yield from (of for of in every(connection) if waiting(connection, *of, 1))


def add_files(connection: Connection, batch: Batch, found: Sequence[ImportFile]) -> bool:
    """Add what was read of a batch, which is now as it says; False when another did so meanwhile."""
    held = get(connection, batch.owner_id, batch.batch_id)
    if held is None or held.state != READING or held.read_files != batch.read_files - len(found):
        return False
    add(connection, found)
    keep(connection, batch)
    return True


def add(connection: Connection, files: Sequence[ImportFile]) -> None:
    """Add files of a batch."""
    _ADD_FILE.change_each(connection, [_values(one) for one in files])


def keep_files(connection: Connection, changed: Sequence[ImportFile]) -> None:
    """Let files be as they say."""
    rows = [_values(file) for file in changed]
    named = ("owner", "batch", "of_number")
    _KEEP_FILE.change_each(
        connection, [{to: row.pop(name) for to, name in zip(named, _FILE_KEY, strict=True)} | row for row in rows]
    )


def holds(connection: Connection, owner_id: str, batch_id: str, sha256: str, below: int) -> int | None:
    """Return the number of a file of a batch with this content and a lower number."""
    return _TWIN.value(connection, owner=owner_id, batch=batch_id, sum=sha256, below=below)


def with_days(connection: Connection, owner_id: str) -> list[ImportFile]:
    """Return an owner's imported files that say something of days, and are not to be undone."""
    table = IMPORT_FILES.c
    query = select(IMPORT_FILES).where(table.owner_id == owner_id, table.state == IMPORTED, table.wanted != BACK)
    return [file for file in map(_file, connection.execute(query).mappings()) if file.days]


def imported_days(connection: Connection, file: ImportFile) -> bool:
    """Tell whether the days of a file were imported with another batch that was not undone."""
    query = select(IMPORT_FILES.c.number).where(
        IMPORT_FILES.c.owner_id == file.owner_id,
        IMPORT_FILES.c.sha256 == file.sha256,
        IMPORT_FILES.c.batch_id != file.batch_id,
        IMPORT_FILES.c.state == IMPORTED,
    )
    return connection.execute(query.limit(1)).first() is not None


def keep_said_days(connection: Connection, file: ImportFile, said_days: SaidDays) -> None:
    """Note of which days an imported file says something now."""
    is_it = and_(_is(IMPORT_FILES, file.owner_id, file.batch_id), _F.number == file.number)
    detail = connection.execute(select(_F.detail).where(is_it).with_for_update()).scalar_one_or_none()
    if detail is not None:
        after = {**detail, "said_days": said_days}
        connection.execute(update(IMPORT_FILES).where(is_it).values(detail=after))


def recorded_spans(connection: Connection, owner_id: str, sha256: str) -> list[tuple[int, float, float]]:
    """Return (number, Unix seconds of start, duration) of the activities of a file, as they were recorded."""
    query = select(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id, _of_file(ACTIVITIES.c.source_key, sha256))
    found: list[tuple[int, float, float]] = []
    for row in connection.execute(query).mappings():
        activity = activity_of(row)
        behind = file_behind(activity.source_key)
        told = activity.recorded or activity
        if behind is not None:
            found.append((behind[1], told.start_utc_s, told.duration_s))
    return found


def every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, batch) of all batches."""
    for user in users.everybody(connection):
        query = select(IMPORTS.c.batch_id).where(IMPORTS.c.owner_id == user.owner_id)
        for batch_id in connection.execute(query).scalars():
            yield user.owner_id, batch_id


def in_use(connection: Connection, owner_id: str, sha256: str) -> bool:
    """Tell whether a file is needed: by an activity, one that can be restored, days, or what a batch may yet make."""
    shown = select(ACTIVITIES.c.activity_id).where(
        ACTIVITIES.c.owner_id == owner_id, _of_file(ACTIVITIES.c.source_key, sha256)
    )
    kept = select(TOMBSTONES.c.activity_id).where(
        TOMBSTONES.c.owner_id == owner_id,
        _of_file(TOMBSTONES.c.source_key, sha256),
        TOMBSTONES.c.kept.is_not(None),
    )
    pending = select(IMPORT_FILES.c.number).where(
        IMPORT_FILES.c.owner_id == owner_id, IMPORT_FILES.c.sha256 == sha256, IMPORT_FILES.c.state.in_(PENDING)
    )
    if any(connection.execute(query.limit(1)).first() is not None for query in (shown, kept, pending)):
        return True
    imported = select(IMPORT_FILES).where(
        IMPORT_FILES.c.owner_id == owner_id, IMPORT_FILES.c.sha256 == sha256, IMPORT_FILES.c.state == IMPORTED
    )
    return any(_file(row).days for row in connection.execute(imported).mappings())


def want_original(connection: Connection, owner_id: str, activity_id: str, key: str, now_s: float) -> bool:
    """Have an activity of a file made anew from it; False when its source is something else."""
    if file_behind(key) is None:
        return False
    events.emit(connection, ORIGINAL_WANTED, owner_id, activity_id, now_s)
    return True


def every_original(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, activity) of all activities that were made of files, and (owner, DAYS) of whose days were."""
    for owner_id, activity_id, _ in sources(connection):
        yield owner_id, activity_id
    yield from ((user.owner_id, DAYS) for user in users.everybody(connection) if with_days(connection, user.owner_id))


def sums_of(connection: Connection, owner_id: str) -> list[str]:
    """Return the sums of the originals of an owner's activities and days, each once."""
    query = select(ACTIVITIES.c.source_key).where(ACTIVITIES.c.owner_id == owner_id)
    found = (file_behind(key) for key in connection.execute(query).scalars())
    return sorted(
        {one[0] for one in found if one is not None} | {one.sha256 for one in with_days(connection, owner_id)}
    )


def sources(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Yield (owner, activity, sum of its file) of all activities that were made of files."""
    for user in users.everybody(connection):
        query = select(ACTIVITIES.c.activity_id, ACTIVITIES.c.source_key).where(ACTIVITIES.c.owner_id == user.owner_id)
        for row in connection.execute(query):
            behind = file_behind(row.source_key)
            if behind is not None:
                yield user.owner_id, row.activity_id, behind[0]


def _batch(row: RowMapping) -> Batch:
    return Batch(**{str(name): value for name, value in row.items()})


def _file(row: Mapping[Any, Any]) -> ImportFile:
    values: dict[str, Any] = {str(name): value for name, value in row.items()}
    detail = values.pop("detail")
    recordings = tuple(map(_found, detail["recordings"]))
    said = said_from(detail.get("said", {}))
    return ImportFile(
        **values,
        recordings=recordings,
        warnings=tuple(detail["warnings"]),
        days=detail.get("days", 0),
        said=said,
        said_days=detail.get("said_days", {}),
    )


def _found(row: Mapping[str, Any]) -> Found:
    values = dict(row)
    # An older program looked at times only.
    beside = [Beside(of, Same.PERHAPS) for of in values.pop("overlaps", ())]
    for one in values.pop("beside", ()):
        beside.append(Beside(**one | {"same": Same(one["same"]), "reasons": tuple(one["reasons"])}))
    return Found(**values, beside=tuple(beside))


def _values(file: ImportFile) -> dict[str, Any]:
    detail = {
        "recordings": [asdict(one) for one in file.recordings],
        "warnings": file.warnings,
        "days": file.days,
        "said": said_row(file.said),
        **({"said_days": file.said_days} if file.said_days else {}),
    }
    return {column.name: getattr(file, column.name) for column in _F if column.name != "detail"} | {"detail": detail}


def _is(table: Table, owner_id: str, batch_id: str) -> ColumnElement[bool]:
    return and_(table.c.owner_id == owner_id, table.c.batch_id == batch_id)


def _of_file(column: Column[str], sha256: str) -> ColumnElement[bool]:
    # All numbers of a file are one range of the index: ";" comes behind ":".
    return and_(column >= source_key(sha256, ""), column < source_key(sha256, "")[:-1] + ";")
