"""What a file is to its owner: new, the same, deleted, of a workout that is here. What others have is not looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from paceline_server.activities import store as activities
from paceline_server.analysis.same_workout import Same
from paceline_server.errors import told
from paceline_server.imports import store
from paceline_server.imports.model import DELETED, NEW, OVERLAPS, RECORDING, SAME, Found, ImportFile
from paceline_server.imports.originals import source_key
from paceline_server.platform.database import Connection


def judge(connection: Connection, file: ImportFile, others: dict[str, int] | None = None) -> ImportFile:
    """Return the file in the state in which it is now; `others` are files of its batch that no row is of yet."""
    if not file.recordings and not file.days:
        return file
    twin = (others or {}).get(file.sha256) or store.holds(
        connection, file.owner_id, file.batch_id, file.sha256, file.number
    )
    if twin is not None:
        return replace(file, state=SAME, reason=told(f"The same as file {twin} of this batch."))
    pairs = [_judged(connection, file, one) for one in file.recordings]
    states = {state for state, _ in pairs}
    if file.days:
        states.add(SAME if store.imported_days(connection, file) else NEW)
    state = next(one for one in (NEW, RECORDING, OVERLAPS, DELETED, SAME) if one in states)
    return replace(file, state=state, recordings=tuple(one for _, one in pairs))


def _judged(connection: Connection, file: ImportFile, found: Found) -> tuple[str, Found]:
    there, deleted = activities.standing(connection, file.owner_id, source_key(file.sha256, found.number))
    if there is not None:
        return SAME, replace(found, activity_id=there.activity_id)
    if deleted:
        return DELETED, found
    return state_of(found), found


def state_of(found: Found) -> str:
    """Return what a recording whose source is new is by what it was compared with (beside.py)."""
    said = {(one.same, one.deleted_at_s is not None) for one in found.beside}
    if (Same.YES, False) in said:
        return RECORDING
    if (Same.YES, True) in said:
        return DELETED
    if (Same.PERHAPS, False) in said:
        return OVERLAPS
    return DELETED if (Same.PERHAPS, True) in said else NEW


def apart_in_time(files: Sequence[ImportFile], most: int) -> Iterator[list[ImportFile]]:
    """Yield the files in order, together where no recording of one is at the time of another's, at most so many."""
    some: list[ImportFile] = []
    for file in files:
        if len(some) == most or any(
            _touch(one, other) for ours in some for one in ours.recordings for other in file.recordings
        ):
            yield some
            some = []
        some.append(file)
    if some:
        yield some


def _touch(one: Found, other: Found) -> bool:
    return (
        one.start_utc_s <= other.start_utc_s + other.duration_s
        and other.start_utc_s <= one.start_utc_s + one.duration_s
    )
