"""A small file imported while its sender waits: two transactions instead of six. Blocks, and belongs in a pool.

What cannot go this way is kept nowhere, and goes the long one (reading.py), which also says what is the matter with it.
The first transaction has somebody look after the blobs that come then, should a crash come before the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from paceline_server.activities.arriving import Arrival, Arrivals
from paceline_server.activities.telemetry_left import LOOK_AFTER_S, maybe
from paceline_server.events import store as events
from paceline_server.events.declared import TELEMETRY, TELEMETRY_LEFT
from paceline_server.events.model import Turn
from paceline_server.formats.errors import FormatError
from paceline_server.imports import store
from paceline_server.imports.beside import Comparer
from paceline_server.imports.judging import judge
from paceline_server.imports.looking import Looked, Made, file_of, look, tapes_of
from paceline_server.imports.model import BY_RULE, COMES, DONE, Batch, ImportFile
from paceline_server.imports.originals import original_key, original_place
from paceline_server.imports.receiving import Received
from paceline_server.imports.taking import FileTaker
from paceline_server.platform.apart.caller import Apart, ApartError, StoppingError
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Database

LONGEST_BYTES = 8 << 20
_PACKED = (b"PK", b"\x1f\x8b")  # a zip, a gzip: it may hold a thousand times as much


@dataclass(frozen=True, slots=True)
class Straight:
    """A batch that is imported, and its file."""

    batch: Batch
    file: ImportFile


class StraightTaker:
    """Imports files that are one workout, or some, and new."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        arrivals: Arrivals,
        taker: FileTaker,
        apart: Apart,
        comparer: Comparer,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._arrivals = arrivals
        self._taker = taker
        self._apart = apart
        self._comparer = comparer

    def take(self, batch: Batch, came: Received) -> Straight | None:
        """Import what came of a batch that no row is of; None when it has to go the long way."""
        if came.size_bytes > LONGEST_BYTES or _changes(came) or _is_packed(came) or not self._apart.free:
            return None
        one = self._looked(batch, came)
        if one is None or one.made is None or one.days or not one.recordings:
            return None
        made = {1: one.made}
        file = self._database.read_now(judge, file_of(batch, 1, one))
        (file,) = self._comparer.compared([file], lambda _: tapes_of(made[1]))
        if file.state not in COMES:
            return None
        files, coming = self._database.write_now(self._expect, replace(file, wanted=BY_RULE), made)
        self._keep(batch.owner_id, came, one.sha256)
        self._arrivals.put(coming)
        done = replace(batch, state=DONE, total_files=1, read_files=1)
        there, landed = self._database.write_now(self._land, done, files, coming)
        self._arrivals.tell(coming, there)
        return Straight(done, landed)

    def _looked(self, batch: Batch, came: Received) -> Looked | None:
        source = str(came.path) if came.path is not None else came.data
        try:
            total, found = self._apart.run(look, source, batch.name, 0, 1, True)
        except StoppingError:
            raise
        except (ApartError, FormatError):
            return None
        return found[0] if total == 1 and found and found[0].whole else None

    def _expect(
        self, connection: Connection, file: ImportFile, made: Mapping[int, Made]
    ) -> tuple[list[ImportFile], list[Arrival]]:
        left, now_s = _left(file), self._arrivals.clock()
        events.emit(connection, TELEMETRY_LEFT, file.owner_id, left, now_s, delay_s=LOOK_AFTER_S)
        return self._taker.begin(connection, [file], made, judged=True)

    def _keep(self, owner_id: str, came: Received, sha256: str) -> None:
        place = original_place(owner_id)
        if came.path is not None:
            self._blobs.move_file(place, came.path, sha256)
        else:
            self._blobs.put(place, came.data)

    def _land(
        self, connection: Connection, batch: Batch, files: list[ImportFile], coming: list[Arrival]
    ) -> tuple[dict[str, str], ImportFile]:
        there, (file,) = self._taker.land(connection, files, coming)
        store.add_batch(connection, batch)
        store.add(connection, [file])
        self._taker.tell(connection, batch)
        events.forget(connection, Turn(batch.owner_id, TELEMETRY, _left(file)))
        return there, file


def _left(file: ImportFile) -> str:
    """Return what an event says of a file's bytes, which perhaps come to no use."""
    return maybe(original_key(file.owner_id, file.sha256))


def _changes(came: Received) -> bool:
    """Whether somebody may write to the file while it is read."""
    return came.path is not None and not came.ours


def _is_packed(came: Received) -> bool:
    if came.path is None:
        return came.data.startswith(_PACKED)
    with came.path.open("rb") as file:
        return file.read(4).startswith(_PACKED)
