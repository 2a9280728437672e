"""A batch taken back, some files at a time; done twice, nothing changes. Blocks, and belongs in a pool."""

from collections.abc import Callable
from dataclasses import replace

from paceline_server.activities import store as activities
from paceline_server.activities.changes import Change, Tell
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.formats.days import DaysSaid
from paceline_server.imports import days, gear, store
from paceline_server.imports.looking import read_days, said_edits
from paceline_server.imports.model import BACK, EDITED, IMPORTED, UNDONE, Batch, ImportFile
from paceline_server.imports.originals import original_key, original_place, source_key
from paceline_server.imports.said_days import no_longer_said, said_days
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Database
from paceline_server.tombstones.store import withdraw

SLICE = 200
TOGETHER = 25


class FileUndoer:
    """Takes the files of a batch back."""

    def __init__(self, database: Database, blobs: Blobs, apart: Apart, tell: Tell, clock: Callable[[], float]) -> None:
        self._database = database
        self._blobs = blobs
        self._apart = apart
        self._tell = tell
        self._clock = clock

    def undo_slice(self, batch: Batch) -> None:
        """Undo some of the files that are to be."""
        of = (batch.owner_id, batch.batch_id)
        # Also those that were being imported when it was told to undo.
        self._database.write_now(store.wish_back, batch)
        files = self._database.read_now(store.wanted, *of, BACK, SLICE)
        self._forget_days([file for file in files if file.days and file.state == IMPORTED])
        for first in range(0, len(files), TOGETHER):
            self._undo(files[first : first + TOGETHER])

    def _undo(self, files: list[ImportFile]) -> None:
        def write(connection: Connection) -> list[str]:
            gone: list[str] = []
            after: list[ImportFile] = []
            for file in files:
                taken, stays = self._taken_back(connection, file)
                gone += taken
                state, reason = (file.state, EDITED) if stays else (UNDONE, "")
                after.append(replace(file, state=state, wanted="", reason=reason))
            store.keep_files(connection, after)
            return gone

        owner_id = files[0].owner_id
        for activity_id in self._database.write_now(write):
            self._tell(Change(owner_id, activity_id, gone=True))
        for sha256 in {file.sha256 for file in files if file.sha256}:
            if not self._database.read_now(store.in_use, owner_id, sha256):
                self._blobs.delete(original_key(owner_id, sha256))

    def _forget_days(self, files: list[ImportFile]) -> None:
        """Let the days be as if the files had never come: what other files say of the same counts again."""
        if not files:
            return
        owner_id = files[0].owner_id
        sums = {file.sha256 for file in files}
        others = [one for one in self._database.read_now(store.with_days, owner_id) if one.sha256 not in sums]
        said: list[DaysSaid] = []
        for file in files:
            found = self._days(file)
            said += found
            days.unsay(self._database, owner_id, no_longer_said(file.said_days, said_days(found)), self._clock())
        rest = [one for file in others for one in self._days(file)]
        days.take_back(self._database, owner_id, said, rest, self._clock())

    def _days(self, file: ImportFile) -> tuple[DaysSaid, ...]:
        data = self._blobs.get(original_place(file.owner_id), file.sha256)
        return self._apart.run(read_days, data, file.name) if data is not None else ()

    def _taken_back(self, connection: Connection, file: ImportFile) -> tuple[list[str], bool]:
        """Withdraw what this batch made of a file; return which activities, and whether one stays."""
        gone, stays = list[str](), False
        for one in file.recordings:
            key = source_key(file.sha256, one.number)
            there = activities.find_source(connection, file.owner_id, key) if one.made else None
            if there is None:
                continue
            if there.edits != said_edits(file.said, one.sport):
                stays = True
                continue
            place = telemetry_place(file.owner_id, there.activity_id)
            if file.said.gear:
                gear.take_off(connection, file.owner_id, there.activity_id, self._clock())
            withdraw(connection, file.owner_id, there.activity_id, place, self._clock())
            gone.append(there.activity_id)
        return gone, stays
