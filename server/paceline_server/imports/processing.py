"""A batch worked off, a slice each turn; done twice, a step changes nothing more. Blocks, and belongs in a pool."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from paceline_server.activities import store as activities
from paceline_server.activities.edits import NO_EDITS
from paceline_server.activities.intake import ActivityIntake
from paceline_server.formats.errors import FormatError
from paceline_server.imports import store
from paceline_server.imports.looking import Looked, broken, look, name_of
from paceline_server.imports.making import FINGERPRINT, incoming
from paceline_server.imports.model import (
    BACK,
    BROKEN,
    BY_NAME,
    BY_RULE,
    COMING,
    DELETED,
    DONE,
    FAILED,
    IMPORTED,
    IMPORTING,
    LOOKED,
    NEW,
    OVERLAPS,
    PENDING,
    READING,
    SAME,
    UNDOING,
    UNDONE,
    Batch,
    Found,
    ImportFile,
)
from paceline_server.imports.originals import original_key, original_place, source_key, staged_place
from paceline_server.platform.apart.caller import Apart, ApartError, StoppingError
from paceline_server.platform.blobs import BlobDamagedError, Blobs, blob_key
from paceline_server.platform.database import Connection, Database
from paceline_server.tombstones import store as tombstones

READ_TOGETHER = 20  # files that the process apart reads in one go
SLICE = 100  # files in a turn: others' events come between
IMPORTED_TOGETHER = 25
AT_ONCE = 4
UNDONE_FILE = "undone"
EDITED = "Its activity was edited since: it stays."


class ImportProcessor:
    """Reads, imports and undoes batches."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        intake: ActivityIntake,
        apart: Apart,
        clock: Callable[[], float],
        scratch: Path,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._intake = intake
        self._apart = apart
        self._clock = clock
        self._scratch = scratch

    def process(self, owner_id: str, batch_id: str) -> None:
        """Do what there is to do of a batch, or a slice of it."""
        batch = self._database.read_now(store.get, owner_id, batch_id)
        if batch is None:
            return
        if batch.state == COMING:
            self._look_after(batch)
        elif batch.state == READING:
            self._read(batch)
        elif batch.state == IMPORTING:
            self._import(batch)
        elif batch.state == UNDOING:
            self._undo(batch)
        if batch.state != READING and batch.staged_sha256:
            self._unstage(owner_id, batch_id)

    def _look_after(self, batch: Batch) -> None:
        if self._clock() - batch.made_at_s < store.CAME_S:
            return
        place = staged_place(batch.owner_id, batch.batch_id)
        for key in self._blobs.keys(f"{place.rpartition('/')[0]}/"):
            if key.startswith(place):
                self._blobs.delete(key)
        self._database.write_now(store.forget, batch.owner_id, batch.batch_id)

    def _read(self, batch: Batch) -> None:
        try:
            data = self._blobs.get(staged_place(batch.owner_id, batch.batch_id), batch.staged_sha256)
        except BlobDamagedError:
            data = None
        if data is None:
            self._fail(batch, "What was sent is lost: send it again.")
            return
        with tempfile.NamedTemporaryFile(dir=self._scratch, prefix=".import-") as file:
            file.write(data)
            file.flush()
            del data
            until = batch.read_files + SLICE
            while batch.state == READING and batch.read_files < until:
                try:
                    total, found = self._looked(file.name, batch)
                except FormatError as error:
                    self._fail(batch, str(error))
                    return
                after = self._read_on(batch, total, found)
                if after is None:
                    return
                batch = after

    def _looked(self, path: str, batch: Batch) -> tuple[int, list[Looked]]:
        try:
            return self._apart.run(look, path, batch.name, batch.read_files, READ_TOGETHER)
        except StoppingError:
            raise
        except ApartError:  # one of them ends its reader: which?
            pass
        try:
            return self._apart.run(look, path, batch.name, batch.read_files, 1)
        except StoppingError:
            raise
        except ApartError:
            name = self._apart.run(name_of, path, batch.name, batch.read_files)
            return 0, [broken(name, "It cannot be read: it ends its reader.")]

    def _read_on(self, batch: Batch, total: int, found: list[Looked]) -> Batch | None:
        """Keep what was read; return the batch as it is then, None when another went on with it."""
        total = total or batch.total_files or batch.read_files + len(found)
        read = batch.read_files + len(found)
        at_once = batch.at_once if batch.at_once is not None else total == 1
        after = replace(batch, total_files=total, read_files=read, at_once=at_once)
        if read >= total:
            after = replace(after, state=IMPORTING if at_once else LOOKED)
        files: list[ImportFile] = []
        kept: list[bytes] = []
        for number, one in enumerate(found, batch.read_files + 1):
            file = self._judged(_file(batch, number, one), {other.sha256: other.number for other in files})
            if one.data is not None and file.state in PENDING:
                kept.append(one.data)
            files.append(replace(file, wanted=BY_RULE if at_once and file.state == NEW else ""))
        with ThreadPoolExecutor(AT_ONCE, "import") as pool:
            place = original_place(batch.owner_id)
            list(pool.map(lambda data: self._blobs.put(place, data), kept))

        def write(connection: Connection) -> bool:
            if not store.add_files(connection, after, files):
                return False
            # The next slice comes behind what others wait for; after the last there is the staged blob to delete.
            store.go_on(connection, after, self._clock())
            return True

        return after if self._database.write_now(write) else None

    def _judged(self, file: ImportFile, others: dict[str, int]) -> ImportFile:
        """Return the file in the state in which it is now."""
        if not file.recordings:
            return file
        twin = others.get(file.sha256) or self._database.read_now(
            store.holds, file.owner_id, file.batch_id, file.sha256, file.number
        )
        if twin is not None:
            return replace(file, state=SAME, reason=f"The same as file {twin} of this batch.")
        pairs = [self._judged_one(file, one) for one in file.recordings]
        states = {state for state, _ in pairs}
        state = next(one for one in (NEW, OVERLAPS, DELETED, SAME) if one in states)
        return replace(file, state=state, recordings=tuple(one for _, one in pairs))

    def _judged_one(self, file: ImportFile, found: Found) -> tuple[str, Found]:
        read, owner_id, key = self._database.read_now, file.owner_id, source_key(file.sha256, found.number)
        there, deleted = read(activities.standing, owner_id, key)
        if there is not None:
            return SAME, replace(found, activity_id=there.activity_id)
        if deleted:
            return DELETED, found
        overlaps = read(store.overlapping, owner_id, found)
        return (OVERLAPS if overlaps else NEW), replace(found, overlaps=overlaps)

    def _import(self, batch: Batch) -> None:
        read = self._database.read_now
        files = [one for wish in (BY_RULE, BY_NAME) for one in read(store.wanted, *_key(batch), wish, SLICE)]
        for some in apart_in_time(files[:SLICE], IMPORTED_TOGETHER):
            self._import_some(some)
        self._after_slice(batch, (BY_RULE, BY_NAME), DONE)

    def _import_some(self, files: Sequence[ImportFile]) -> None:
        """Import files none of which overlaps another."""
        # One that is being imported already: a crash came between, and what is there of it is this batch's.
        begun = [file if file.state == IMPORTING else self._begun(file) for file in files]
        lifted = [after for file, after in zip(files, begun, strict=True) if file.state == DELETED]

        def begin(connection: Connection) -> None:
            for file in begun:
                store.keep_file(connection, file)
            for file in lifted:
                if file.state == IMPORTING:
                    for one in file.recordings:
                        tombstones.lift(connection, file.owner_id, source_key(file.sha256, one.number), self._clock())

        self._database.write_now(begin)
        # Several at once, as each waits for the disk most of its time; their commits are one.
        with ThreadPoolExecutor(AT_ONCE, "import") as pool:
            done = [*pool.map(self._imported, [file for file in begun if file.state == IMPORTING])]
        self._database.write_now(lambda connection: [store.keep_file(connection, file) for file in done])

    def _begun(self, file: ImportFile) -> ImportFile:
        judged = self._judged(file, {})
        if judged.state != NEW and not (file.wanted == BY_NAME and judged.state in (OVERLAPS, DELETED)):
            return replace(judged, wanted="")
        made = tuple(replace(one, made=one.activity_id is None) for one in judged.recordings)
        return replace(judged, state=IMPORTING, recordings=made)

    def _imported(self, file: ImportFile) -> ImportFile:
        try:
            data = self._blobs.get(original_place(file.owner_id), file.sha256)
        except BlobDamagedError:
            data = None
        if data is None:
            return replace(file, state=BROKEN, wanted="", reason="Its bytes are lost: send it again.")
        done = tuple(self._taken(file, data, one) for one in file.recordings)
        return replace(file, state=IMPORTED, wanted="", recordings=done)

    def _taken(self, file: ImportFile, data: bytes, found: Found) -> Found:
        key = source_key(file.sha256, found.number)
        make = lambda: incoming(self._apart, data, file.name, found.number)  # noqa: E731 (closes over what is read)
        self._intake.take(file.owner_id, key, FINGERPRINT, make)
        there = self._database.read_now(activities.find_source, file.owner_id, key)
        return replace(found, activity_id=there.activity_id if there is not None else None)

    def _undo(self, batch: Batch) -> None:
        for file in self._database.read_now(store.wanted, batch.owner_id, batch.batch_id, BACK, SLICE):
            self._undo_file(file)
        self._after_slice(batch, (BACK,), UNDONE)

    def _undo_file(self, file: ImportFile) -> None:
        stays = False
        for one in file.recordings:
            key = source_key(file.sha256, one.number)
            there = self._database.read_now(activities.find_source, file.owner_id, key) if one.made else None
            if there is not None and there.edits != NO_EDITS:
                stays = True
            elif there is not None:
                self._intake.withdraw(file.owner_id, key)
        state = file.state if stays else UNDONE_FILE
        after = replace(file, state=state, wanted="", reason=EDITED if stays else "")
        self._database.write_now(store.keep_file, after)
        if not self._database.read_now(store.in_use, file.owner_id, file.sha256):
            self._blobs.delete(original_key(file.owner_id, file.sha256))

    def _after_slice(self, batch: Batch, wishes: tuple[str, ...], end: str) -> None:
        read = self._database.read_now
        rest = any(read(store.wanted, batch.owner_id, batch.batch_id, wish, 1) for wish in wishes)

        def write(connection: Connection) -> None:
            held = store.get(connection, batch.owner_id, batch.batch_id)
            if held is None or held.state != batch.state:  # undone meanwhile
                return
            if rest:
                store.go_on(connection, held, self._clock())
            else:
                store.keep(connection, replace(held, state=end))

        self._database.write_now(write)

    def _fail(self, batch: Batch, reason: str) -> None:
        self._database.write_now(store.go_on, replace(batch, state=FAILED, reason=reason), self._clock())

    def _unstage(self, owner_id: str, batch_id: str) -> None:
        batch = self._database.read_now(store.get, owner_id, batch_id)
        if batch is not None and batch.staged_sha256 and batch.state not in (COMING, READING):
            self._blobs.delete(blob_key(staged_place(owner_id, batch_id), batch.staged_sha256))
            self._database.write_now(store.unstaged, owner_id, batch_id)


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


def _key(batch: Batch) -> tuple[str, str]:
    return batch.owner_id, batch.batch_id


def _file(batch: Batch, number: int, one: Looked) -> ImportFile:
    return ImportFile(
        batch.owner_id,
        batch.batch_id,
        number,
        one.name,
        one.sha256,
        one.size_bytes,
        BROKEN,
        reason=one.reason,
        recordings=one.recordings,
        warnings=one.warnings,
    )
