"""Takes an archive that a user sent: looks at all of it, then puts files and rows in their places. Blocks.

Whatever it is stopped in the middle of, it is done again: files are written where they were, rows that are there stay.
Nothing of an archive says whose it is to be: every row is put under the one who sent it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.archive_tables.model import DEVICES, JOURNAL_KEY, KeptTable
from paceline_server.archives import store
from paceline_server.archives.checking import check, rows_in, tables
from paceline_server.archives.manifest import ArchiveError, Part
from paceline_server.archives.model import REFUSED, SENT, TAKEN, TAKING, ArchiveRead
from paceline_server.archives.renewing import renewed, renewing
from paceline_server.archives.staging import staged_file
from paceline_server.archives.writing import Places
from paceline_server.archives.zip_in import ArchiveIn
from paceline_server.errors import told
from paceline_server.imports.originals import original_place
from paceline_server.journals.model import JournalRef
from paceline_server.platform.apart.caller import Apart, ApartError, Limits, StoppingError
from paceline_server.platform.database import Connection
from paceline_server.platform.migrate import HEAD
from paceline_server.users import store as users

SMALL_BYTES = 32 << 20  # what is larger is looked at in a process of its own, so that journals do not wait for it
ALONE = Limits(job_s=3600.0, niceness=15)
T = TypeVar("T")
_LAST = ("activities",)  # the clock of whose day an activity counts for is in other tables
_log = logging.getLogger("paceline.archives")


class ArchiveTaker:
    """What the outbox's handler does with an archive that was sent."""

    def __init__(self, places: Places, apart: Apart, clock: Callable[[], float]) -> None:
        self._places = places
        self._database = places.database
        self._apart = apart
        self._clock = clock

    def process(self, owner_id: str) -> None:
        """Take what the user sent, or say why it cannot be. Done twice, it changes nothing more."""
        found = self._database.read_now(store.get, owner_id)
        if found is None or not found.at_work:
            return
        path = staged_file(self._places.folder, found)
        try:
            if not path.exists():
                raise ArchiveError("the file is not here any more: send it again")
            begun = self._looked_at(found) if found.state == SENT else found
            if begun.state != TAKEN:
                self._take(begun)
        except ArchiveError as error:
            _log.warning("an archive is refused: %s", error)
            held = self._database.read_now(store.get, owner_id) or found
            reason = f"{str(error)[:1].upper()}{str(error)[1:]}."
            if held.state == TAKING:
                taken, rows = held.taken_rows, held.total_rows
                reason += " " + told(f"{taken} of {rows} rows are here: sent again, it goes on from there.")
            self._database.write_now(store.keep, replace(held, state=REFUSED, reason=reason))
        path.unlink(missing_ok=True)

    def _looked_at(self, found: ArchiveRead) -> ArchiveRead:
        path = staged_file(self._places.folder, found)
        try:
            if path.stat().st_size <= SMALL_BYTES:
                checked = self._apart.run(check, str(path), HEAD)
            else:
                with closing(Apart(ALONE)) as alone:
                    checked = alone.run(check, str(path), HEAD)
        except StoppingError:
            raise
        except ApartError as error:
            raise ArchiveError("the archive cannot be read within the time and memory that it may take") from error
        if not self._database.read_now(store.is_empty, found.owner_id):
            if checked.digest != found.digest:
                raise ArchiveError("the account has workouts, days or goals already: an archive needs an empty one")
            again = replace(found, state=TAKEN if found.whole else TAKING)  # the same archive once more
            self._database.write_now(store.keep, again)
            return again
        total_rows = sum(part.rows or 0 for part in checked.manifest.parts if part.name.startswith("tables/"))
        origin_id = checked.manifest.owner_id
        begun = self._database.write_now(store.begin, found, origin_id, checked.digest, total_rows)
        with ArchiveIn(path) as archive:
            for ids in _batches(sorted(activity_ids(archive))):
                if not begun.renewed and self._database.read_now(store.shared_by_others, found.owner_id, ids):
                    begun = replace(begun, renewed=True)
                    self._database.write_now(store.keep, begun)
        return begun

    def _take(self, found: ArchiveRead) -> None:
        owner_id = found.owner_id
        with ArchiveIn(staged_file(self._places.folder, found)) as archive:
            ids = activity_ids(archive) if found.renewed else set[str]()
            new_id = {held_id: renewed(owner_id, held_id) for held_id in ids}
            self._put_files(archive, owner_id, new_id)
            change = renewing(owner_id, ids) if ids else None
            count = 0
            for part, table in tables_in(archive):
                rows = (self._row(found, table, values) for values in rows_in(archive, part, table, change))
                for some in _batches(rows):
                    count += len(some)
                    told = min(count, found.total_rows - 1)  # the last one is told when all is done
                    self._database.write_now(_put, table, some, replace(found, taken_rows=told))
            missing = [new_id.get(one, one) for one in archive.manifest.missing]
            self._database.write_now(store.finish, found, missing, self._clock())

    def _put_files(self, archive: ArchiveIn, owner_id: str, new_id: dict[str, str]) -> None:
        starts = {
            (values["device_id"], values["epoch"]): values["start_position"]
            for part, table in tables_in(archive)
            if table.name == "journals"
            for values in rows_in(archive, part, table)
        }
        for part in archive.manifest.parts:
            match part.name.split("/"):
                case ["telemetry", name]:
                    held_id = name.removesuffix(".plt")
                    place = telemetry_place(owner_id, new_id.get(held_id, held_id))
                    self._places.blobs.put(place, archive.read(part))
                case ["originals", _]:
                    self._places.blobs.put(original_place(owner_id), archive.read(part))
                case ["journals", device_id, name]:
                    ref = JournalRef(owner_id, device_id, int(name.removesuffix(".journal"), 16))
                    self._put_journal(archive, part, ref, starts[device_id, ref.epoch])
                case _:
                    pass

    def _put_journal(self, archive: ArchiveIn, part: Part, ref: JournalRef, position: int) -> None:
        for chunk in archive.chunks(part):
            self._places.files.write(ref, position, chunk)
            position += len(chunk)

    def _row(self, found: ArchiveRead, table: KeptTable, values: dict[str, Any]) -> dict[str, Any]:
        """Return a row as this account has it."""
        owner_id = found.owner_id
        row: dict[str, Any] = {**values, "owner_id": owner_id}
        if table.name == DEVICES:
            key = row.pop(JOURNAL_KEY)
            row["device_key"] = self._places.device_keys.sealed_journal_key(owner_id, row["device_id"], key)
        if table.name == "activity_tombstones" and row["kept"] is not None:
            row["kept"] = row["kept"] | {"owner_id": owner_id}
        if table.name == "wrist_slots" and self._database.read_now(users.get, row["person_id"]) is not None:
            # Somebody of this server, who never took the slot here: nothing of the archive may come to be theirs.
            row["person_id"] = renewed(owner_id, row["person_id"])
        return row


def tables_in(archive: ArchiveIn) -> Iterator[tuple[Part, KeptTable]]:
    """Yield the tables of an archive in the order in which they are taken."""
    ordered = sorted(tables(), key=lambda table: (table.name in _LAST, table.name))
    parts = archive.parts
    return ((parts[f"tables/{one.name}.jsonl"], one) for one in ordered if f"tables/{one.name}.jsonl" in parts)


def activity_ids(archive: ArchiveIn) -> set[str]:
    """Return the ids of the activities of an archive, of those deleted too."""
    return {
        values["activity_id"]
        for part, table in tables_in(archive)
        if table.name in ("activities", "activity_tombstones", "uploads")
        for values in rows_in(archive, part, table)
        if values["activity_id"] is not None
    }


def _put(connection: Connection, table: KeptTable, rows: list[dict[str, Any]], found: ArchiveRead) -> None:
    store.put(connection, table.name, rows)
    store.keep(connection, found)


def _batches(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    return iter(lambda: list(islice(rest, store.ROWS_AT_ONCE)), [])
