"""Files that are wanted become activities, some at a time; done twice, nothing changes. Blocks, belongs in a pool."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from paceline_server.activities.arriving import Arrival, Arrivals
from paceline_server.errors import told
from paceline_server.imports import days, gear, store
from paceline_server.imports.beside import Comparer
from paceline_server.imports.judging import apart_in_time, judge, state_of
from paceline_server.imports.looking import Made, Wanted, make_all, tapes_of
from paceline_server.imports.model import (
    BROKEN,
    BY_NAME,
    BY_RULE,
    CHOOSABLE,
    COMES,
    DELETED,
    IMPORTED,
    IMPORTING,
    Batch,
    ImportFile,
)
from paceline_server.imports.originals import original_place, source_key
from paceline_server.imports.telling import done_tale
from paceline_server.notifications import store as notices
from paceline_server.platform.apart.caller import Apart, ApartError, StoppingError
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Database
from paceline_server.tombstones import store as tombstones

FINGERPRINT = "file"  # a source names its content: only a newer program makes another activity of it
SLICE = 200  # files in a turn: others' events come between
TOGETHER = 16
MOST_BYTES = 16 << 20  # of files that are read together
LOST = told("Its bytes are lost: send it again.")
DEADLY = told("It cannot be read: it ends its reader.")


class FileTaker:
    """Makes activities of the files of a batch."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        arrivals: Arrivals,
        apart: Apart,
        comparer: Comparer,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._arrivals = arrivals
        self._apart = apart
        self._comparer = comparer
        self._clock = clock

    def take_slice(self, batch: Batch) -> None:
        """Import some of the files that are wanted."""
        read, of = self._database.read_now, (batch.owner_id, batch.batch_id)
        files = [one for wish in (BY_RULE, BY_NAME) for one in read(store.wanted, *of, wish, SLICE)]
        groups = [*apart_in_time(files[:SLICE], TOGETHER)]
        # While one group is written, the next is read in the process apart.
        with ThreadPoolExecutor(1, "import") as ahead:
            coming = [ahead.submit(self._made, group) for group in groups[:1]]
            for number, group in enumerate(groups):
                made = coming.pop().result()
                if number + 1 < len(groups):
                    coming.append(ahead.submit(self._made, groups[number + 1]))
                self._take(group, made)

    def begin(
        self, connection: Connection, files: Sequence[ImportFile], made: Mapping[int, Made], *, judged: bool = False
    ) -> tuple[list[ImportFile], list[Arrival]]:
        """Let files be under way, those that may be imported now, with what is to be put before `finish`.

        They are judged first, unless they were just now.

        After a crash between the two a file is `importing`, and what is there of it is this batch's.
        """
        after: list[ImportFile] = []
        coming: list[Arrival] = []
        for file in files:
            begun = file
            if file.state != IMPORTING:
                begun = _begun(file if judged else judge(connection, file), file.wanted)
            what = made[file.number]
            if begun.state == IMPORTING and what.reason:
                begun = replace(begun, state=BROKEN, wanted="", reason=what.reason)
            elif begun.state == IMPORTING:
                keys = [source_key(file.sha256, one.number) for one in file.recordings]
                for key in keys if file.state == DELETED else ():
                    tombstones.lift(connection, file.owner_id, key, self._clock())
                parts = zip(begun.recordings, keys, what.ready, strict=True)
                coming += [
                    self._arrivals.arrival(file.owner_id, key, FINGERPRINT, ready)
                    for found, key, ready in parts
                    if file.wanted == BY_NAME or state_of(found) != DELETED
                ]
            after.append(begun)
        self._arrivals.expect(connection, coming)
        return after, coming

    def finish(
        self,
        files: Sequence[ImportFile],
        coming: Sequence[Arrival],
        made: Mapping[int, Made],
        last: Callable[[Connection], None] = lambda _: None,
    ) -> None:
        """Keep activities and days of files that are under way; `last` is of the same transaction."""
        for file in files:
            if file.state == IMPORTING and made[file.number].days:
                days.take(self._database, file.owner_id, made[file.number].days, self._clock())
        self._arrivals.put(coming)

        def write(connection: Connection) -> dict[str, str]:
            there, done = self.land(connection, files, coming)
            store.keep_files(connection, done)
            last(connection)
            return there

        self._arrivals.tell(coming, self._database.write_now(write))

    def land(
        self, connection: Connection, files: Sequence[ImportFile], coming: Sequence[Arrival]
    ) -> tuple[dict[str, str], list[ImportFile]]:
        """Add the activities; return which are there, by source, and the files that are imported now."""
        there = self._arrivals.add(connection, coming)
        done = [_done(file, there) for file in files if file.state == IMPORTING]
        for file in done:
            made_now = [one.activity_id for one in file.recordings if one.made and one.activity_id is not None]
            sport = file.said.sport or next((one.sport for one in file.recordings), "")
            gear.wear(connection, file.owner_id, file.said.gear, sport, made_now, self._clock())
        return there, done

    def end(self, connection: Connection, batch: Batch) -> None:
        """Keep a batch of which nothing is left to do, and tell its owner."""
        store.keep(connection, batch)
        self.tell(connection, batch)

    def tell(self, connection: Connection, batch: Batch) -> None:
        """Tell the owner of a batch that it is done."""
        notices.tell(connection, batch.owner_id, done_tale(connection, batch), self._clock())

    def _take(self, files: Sequence[ImportFile], made: Mapping[int, Made]) -> None:
        """Import files none of which is at the time of another."""
        asked = [file for file in files if file.state != IMPORTING and file.wanted == BY_RULE]
        beside = self._comparer.compared(asked, lambda file: tapes_of(made[file.number]))
        by_number = {file.number: file for file in beside}
        files = [by_number.get(file.number, file) for file in files]

        def write(connection: Connection) -> tuple[list[ImportFile], list[Arrival]]:
            begun, coming = self.begin(connection, files, made)
            store.keep_files(connection, begun)
            return begun, coming

        self.finish(*self._database.write_now(write), made)

    def _made(self, files: Sequence[ImportFile]) -> dict[int, Made]:
        """Read files in the process apart."""
        made: dict[int, Made] = {}
        some: list[tuple[ImportFile, Wanted]] = []
        for file in files:
            data = self._original(file)
            if data is None:
                made[file.number] = Made(reason=LOST)
                continue
            some.append((file, Wanted(file.name, data, file.said)))
            if sum(len(one.data) for _, one in some) > MOST_BYTES:
                made |= self._read(some)
                some = []
        return made | self._read(some)

    def _read(self, some: Sequence[tuple[ImportFile, Wanted]]) -> dict[int, Made]:
        if not some:
            return {}
        try:
            made = self._apart.run(make_all, [one for _, one in some])
        except StoppingError:
            raise
        except ApartError:  # one of them ends its reader: which?
            if len(some) > 1:
                return {number: one for pair in some for number, one in self._read([pair]).items()}
            made = [Made(reason=DEADLY)]
        return {file.number: one for (file, _), one in zip(some, made, strict=True)}

    def _original(self, file: ImportFile) -> bytes | None:
        try:
            return self._blobs.get(original_place(file.owner_id), file.sha256)
        except BlobDamagedError:
            return None


def _begun(judged: ImportFile, wanted: str) -> ImportFile:
    if judged.state not in (CHOOSABLE if wanted == BY_NAME else COMES):
        return replace(judged, wanted="")
    made = tuple(replace(one, made=one.activity_id is None) for one in judged.recordings)
    return replace(judged, state=IMPORTING, recordings=made)


def _done(file: ImportFile, there: Mapping[str, str]) -> ImportFile:
    recordings = tuple(
        replace(one, activity_id=there.get(source_key(file.sha256, one.number))) for one in file.recordings
    )
    return replace(file, state=IMPORTED, wanted="", recordings=recordings)
