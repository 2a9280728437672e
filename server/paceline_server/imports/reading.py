"""A batch read, slice by slice: what is in it, a row a file. Blocks, and belongs in a pool."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from paceline_server.activities.arriving import Arrival, put_all
from paceline_server.duplicates.comparing import Taped
from paceline_server.formats.errors import FormatError
from paceline_server.imports import store
from paceline_server.imports.beside import Comparer
from paceline_server.imports.earlier import Earlier
from paceline_server.imports.judging import apart_in_time, judge
from paceline_server.imports.looking import Looked, broken, file_of, look, name_of, tapes_of
from paceline_server.imports.model import (
    BY_RULE,
    COMES,
    DONE,
    FAILED,
    IMPORTING,
    LOOKED,
    PENDING,
    READING,
    Batch,
    ImportFile,
)
from paceline_server.imports.originals import original_place, staged_place
from paceline_server.imports.receiving import SCRATCH
from paceline_server.imports.spooling import spool
from paceline_server.imports.taking import DEADLY, FileTaker
from paceline_server.platform.apart.caller import Apart, ApartError, Limits, StoppingError
from paceline_server.platform.blobs import BlobDamagedError, Blobs, blob_key
from paceline_server.platform.database import Connection, Database

READ_TOGETHER = 20  # files that the process apart reads in one go
SLICE = 200  # files in a turn: others' events come between
SMALL_BYTES = 1 << 20  # goes to the process apart by itself, without a file between
SPOOLING = Limits(job_s=1800.0, niceness=15)  # of a process of its own: a gigabyte of XML takes a minute
LONGEST_REASON = 2000
LOST = "What was sent is lost: send it again."


class BatchReader:
    """Reads batches."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        taker: FileTaker,
        apart: Apart,
        comparer: Comparer,
        clock: Callable[[], float],
        scratch: Path,
        wait_s: float,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._taker = taker
        self._apart = apart
        self._comparer = comparer
        self._clock = clock
        self._scratch = scratch
        self._wait_s = wait_s

    def read(self, batch: Batch) -> Batch:
        """Read on in a batch, for a slice of it; return it as it is then."""
        with self._staged(batch) as source:
            if source is None:
                return self._failed(batch, LOST)
            try:
                return self._read_slice(batch, source)
            except FileNotFoundError:
                return self._failed(batch, LOST)
            except FormatError as error:
                return self._failed(batch, str(error))

    @contextmanager
    def _staged(self, batch: Batch) -> Iterator[str | bytes | None]:
        """Give what was sent: its bytes, or the path of a file."""
        place = staged_place(batch.owner_id, batch.batch_id)
        path = self._blobs.at_hand(place, batch.staged_sha256)
        if path is not None:
            yield str(path)
        elif batch.size_bytes <= SMALL_BYTES:
            try:
                yield self._blobs.get(place, batch.staged_sha256)
            except BlobDamagedError:
                yield None
        else:
            with tempfile.TemporaryDirectory(dir=self._scratch, prefix=SCRATCH) as folder:
                fetched = Path(folder) / "staged"
                yield str(fetched) if self._blobs.to_file(place, batch.staged_sha256, fetched) else None

    def _spool(self, batch: Batch, source: str | bytes) -> Batch:
        """Put the entries of an export in its place."""
        with tempfile.TemporaryDirectory(dir=self._scratch, prefix=SCRATCH) as folder:
            came, made = Path(folder) / "came", Path(folder) / "spool.zip"
            if isinstance(source, bytes):
                came.write_bytes(source)
            path = str(came) if isinstance(source, bytes) else source
            try:
                with closing(Apart(SPOOLING)) as apart:
                    warnings = apart.run(spool, path, batch.name, str(made))
            except ApartError as error:
                raise FormatError("It cannot be read: it ends its reader", batch.name) from error
            if warnings is None:
                raise FormatError("It cannot be told what it is", batch.name)
            place = staged_place(batch.owner_id, batch.batch_id)
            sha256 = self._blobs.put_file(place, made)
        after = replace(batch, staged_sha256=sha256, reason=" ".join(warnings)[:LONGEST_REASON])
        self._database.write_now(store.go_on, after, self._clock())
        self._blobs.delete(blob_key(place, batch.staged_sha256))
        return after

    def _read_slice(self, batch: Batch, source: str | bytes) -> Batch:
        until = batch.read_files + SLICE
        of = (batch.owner_id, batch.batch_id)
        before = self._database.read_now(store.coming, *of) if batch.read_files and not batch.at_once else ()
        earlier = None if batch.at_once else Earlier(before)
        # While what was read is written, the process apart reads on.
        with ThreadPoolExecutor(1, "import") as ahead:
            coming = partial(self._looked, source, batch, batch.read_files)
            while batch.state == READING and batch.read_files < until:
                total, found = coming()
                if not found:
                    return self._spool(batch, source)
                if found[0].whole and found[0].sha256 != batch.staged_sha256:
                    raise FileNotFoundError("what was staged is damaged")
                next_row = batch.read_files + len(found)
                if next_row < min(total, until):
                    coming = ahead.submit(self._looked, source, batch, next_row).result
                after = self._read_on(batch, total or batch.total_files or next_row, found, earlier)
                if after is None:
                    return batch
                batch = after
        if batch.state == READING:  # the next slice comes behind what others wait for
            self._database.write_now(store.go_on, batch, self._clock())
        return batch

    def _looked(self, source: str | bytes, batch: Batch, row: int) -> tuple[int, list[Looked]]:
        try:
            return self._apart.run(look, source, batch.name, row, READ_TOGETHER, batch.at_once)
        except StoppingError:
            raise
        except ApartError:  # one of them ends its reader: which?
            pass
        try:
            return self._apart.run(look, source, batch.name, row, 1, False)
        except StoppingError:
            raise
        except ApartError:
            name = self._apart.run(name_of, source, batch.name, row)
            return 0, [broken(name, DEADLY)]

    def _read_on(self, batch: Batch, total: int, found: list[Looked], earlier: Earlier | None) -> Batch | None:
        """Keep what was read, and import it at once where that is wanted; None when another went on with the batch."""
        read = batch.read_files + len(found)
        at_once = batch.at_once if batch.at_once is not None else total == 1
        after = replace(batch, total_files=total, read_files=read, at_once=at_once)
        if read >= total:
            after = replace(after, state=IMPORTING if at_once else LOOKED)
        files = self._database.read_now(_judged, batch, found)
        self._keep(batch, [one for one, file in zip(found, files, strict=True) if file.state in PENDING])
        by_number = {file.number: one for one, file in zip(found, files, strict=True)}
        files = self._comparer.compared(files, lambda file: self._tapes(file, by_number[file.number]), earlier)
        if at_once:
            files = [replace(file, wanted=BY_RULE) if file.state in COMES else file for file in files]
        made = {file.number: one.made for one, file in zip(found, files, strict=True) if one.made and file.wanted}
        # Files at the time of another one wait for the turn after; so do those of which nothing is made yet.
        now = next(apart_in_time([file for file in files if file.number in made], len(files)), [])

        def write(connection: Connection) -> tuple[list[ImportFile], list[Arrival]]:
            begun, coming = self._taker.begin(connection, now, made, judged=True)
            by_number = {file.number: file for file in begun}
            rows = [by_number.get(file.number, file) for file in files]
            if not store.add_files(connection, after, rows):
                raise _OvertakenError
            if after.state == LOOKED:
                store.wait(connection, after, self._clock(), self._wait_s)
            return begun, coming

        try:
            begun, coming = self._database.write_now(write)
        except _OvertakenError:
            return None
        whole = at_once and read == total == len(begun)
        ended = replace(after, state=DONE, staged_sha256="") if whole else None
        if ended is not None:
            self._taker.finish(begun, coming, made, lambda connection: self._taker.end(connection, ended))
            place = staged_place(batch.owner_id, batch.batch_id)
            self._blobs.delete(blob_key(place, batch.staged_sha256))
        elif begun:
            self._taker.finish(begun, coming, made)
        return ended or after

    def _keep(self, batch: Batch, wanted: list[Looked]) -> None:
        """Keep the originals of files that come, or may."""
        place = original_place(batch.owner_id)
        if wanted and wanted[0].whole:
            self._blobs.link(staged_place(batch.owner_id, batch.batch_id), batch.staged_sha256, place)
        else:
            put_all(self._blobs, [(place, one.data) for one in wanted if one.data])

    def _tapes(self, file: ImportFile, looked: Looked) -> list[Taped]:
        return tapes_of(looked.made) if looked.made is not None else self._comparer.tapes_of(file)

    def _failed(self, batch: Batch, reason: str) -> Batch:
        after = replace(batch, state=FAILED, reason=reason)
        self._database.write_now(store.keep, after)
        return after


class _OvertakenError(Exception):
    """Another worker went on with the batch: nothing of this is kept."""


def _judged(connection: Connection, batch: Batch, found: list[Looked]) -> list[ImportFile]:
    files: list[ImportFile] = []
    others: dict[str, int] = {}
    for number, one in enumerate(found, batch.read_files + 1):
        file = judge(connection, file_of(batch, number, one), others)
        others.setdefault(file.sha256, number)
        files.append(file)
    return files
