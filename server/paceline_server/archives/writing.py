"""The archive of a user, written part by part in bounded memory. Blocks; belongs in a pool."""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from paceline_server.activities import store as activities
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.archive_tables.model import DEVICES, JOURNAL_KEY, KeptTable, taken, told
from paceline_server.archives import store
from paceline_server.archives.manifest import NAME, Manifest
from paceline_server.archives.readme import README
from paceline_server.archives.rows import line_of
from paceline_server.archives.zip_out import ZipOut
from paceline_server.devices import store as devices
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.export.workout import workout_files
from paceline_server.imports.originals import original_place
from paceline_server.imports.store import sums_of
from paceline_server.journals import store as journals
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.model import Journal
from paceline_server.platform.apart.caller import Apart, ApartError, StoppingError
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.migrate import HEAD
from paceline_server.telemetry import TelemetryError
from paceline_server.tombstones import store as tombstones

_log = logging.getLogger("paceline.archives")
_CHUNK = 1 << 20
FORMS = ("fit", "gpx")  # of every workout that they can hold: GPX needs positions


@dataclass(frozen=True, slots=True)
class Places:
    """Where the data of users is, a folder for what is written meanwhile, and the process for heavy work."""

    database: Database
    blobs: Blobs
    files: JournalFiles
    device_keys: DeviceKeys
    folder: Path
    apart: Apart


@dataclass(frozen=True, slots=True)
class _Moment:
    """What was there when the tables were read: blobs by activity, of deleted ones too; originals; journals."""

    telemetry: dict[str, str]
    deleted: dict[str, str]
    originals: list[str]
    journals: list[Journal]


def write_archive(target: IO[bytes], places: Places, owner_id: str, now_s: float) -> Manifest:
    """Write the archive of a user; the tables are of one moment, and what they name is of the same or a later one."""
    out = ZipOut(target)
    out.add("README.txt", [README.encode()])
    with tempfile.TemporaryDirectory(dir=places.folder, prefix=".archive-") as folder:
        # Aside first: who downloads slowly must not hold a reader of the database.
        moment, counts = places.database.read_moment_now(_tables, places.device_keys, owner_id, Path(folder), now_s)
        for name, count in counts.items():
            out.add(f"{name}.jsonl", _file(Path(folder) / f"{name.replace('/', '-')}"), rows=count)
    missing = [one for one in moment.telemetry if not _telemetry(out, places, owner_id, one, moment.telemetry[one])]
    for activity_id, sha256 in moment.deleted.items():
        _telemetry(out, places, owner_id, activity_id, sha256)
    for sha256 in moment.originals:
        blob = _blob(places.blobs, original_place(owner_id), sha256)
        if blob is not None:
            out.add(f"originals/{sha256}", [blob])
    for journal in moment.journals:
        name = f"journals/{journal.ref.device_id}/{journal.ref.epoch:08x}.journal"
        out.add(name, _pieces(places.files, journal))
    for activity_id in moment.telemetry:
        _workout(out, places, owner_id, activity_id)
    made_at = datetime.fromtimestamp(now_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = Manifest(made_at, HEAD, owner_id, tuple(out.parts), tuple(missing))
    out.add(NAME, [manifest.as_json()])
    out.close()
    return manifest


def _tables(
    connection: Connection, keys: DeviceKeys, owner_id: str, folder: Path, now_s: float
) -> tuple[_Moment, dict[str, int]]:
    counts: dict[str, int] = {}
    for where, tables in (("tables", taken()), ("told", told())):
        for table in tables:
            with (folder / f"{where}-{table.name}").open("wb") as file:
                lines = _lines(connection, keys, table, owner_id)
                count = 0
                for line in lines:
                    file.write(line)
                    count += 1
            if count:
                counts[f"{where}/{table.name}"] = count
    refs = [
        ref
        for device in devices.list_for(connection, owner_id)
        for ref in journals.of_device(connection, owner_id, device.device_id)
    ]
    held = [journal for journal in (journals.get(connection, ref) for ref in refs) if journal is not None]
    moment = _Moment(
        dict(sorted(activities.telemetry_sums(connection, owner_id).items())),
        dict(sorted(tombstones.kept_sums(connection, owner_id, now_s).items())),
        sums_of(connection, owner_id),
        sorted(held, key=lambda journal: journal.ref),
    )
    return moment, counts


def _lines(connection: Connection, keys: DeviceKeys, table: KeptTable, owner_id: str) -> Iterator[bytes]:
    names = [field.name for field in table.fields]
    if table.name == DEVICES:
        for device in devices.list_for(connection, owner_id):
            row = [getattr(device, name) for name in names]
            yield line_of([*names, JOURNAL_KEY], [*row, keys.journal_key_of(device)])
        return
    for row in store.rows(connection, owner_id, table):
        yield line_of(names, [_without_owner(value) for value in row])


def _without_owner(value: object) -> object:
    """Return what a deleted activity's row keeps without whose it is: that is said once, in the manifest."""
    if isinstance(value, dict) and "owner_id" in value:
        return {name: one for name, one in value.items() if name != "owner_id"}
    return value


def _telemetry(out: ZipOut, places: Places, owner_id: str, activity_id: str, sha256: str) -> bool:
    blob = _blob(places.blobs, telemetry_place(owner_id, activity_id), sha256)
    if blob is not None:
        out.add(f"telemetry/{activity_id}.plt", [blob], packed=True)
    return blob is not None


def _workout(out: ZipOut, places: Places, owner_id: str, activity_id: str) -> None:
    activity = places.database.read_now(activities.get, owner_id, activity_id)
    if activity is None:  # deleted meanwhile
        return
    blob = _blob(places.blobs, telemetry_place(owner_id, activity_id), activity.telemetry_sha256)
    if blob is None:
        return
    day = datetime.fromtimestamp(activity.start_utc_s, UTC).strftime("%Y-%m-%d")
    try:
        for form, data in places.apart.run(workout_files, activity, blob, FORMS):
            out.add(f"activities/{day}-{activity_id}.{form}", [data])
    except StoppingError:
        raise
    except (TelemetryError, ApartError):
        _log.exception("an archive is without the files of a workout")


def _blob(blobs: Blobs, place: str, sha256: str) -> bytes | None:
    try:
        return blobs.get(place, sha256)
    except BlobDamagedError:
        _log.exception("an archive is without this blob")
        return None


def _pieces(files: JournalFiles, journal: Journal) -> Iterator[bytes]:
    end = journal.held_position
    for start in range(journal.start_position, end, _CHUNK):
        yield files.read(journal.ref, start, min(end, start + _CHUNK))


def _file(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        yield from iter(partial(file.read, _CHUNK), b"")
