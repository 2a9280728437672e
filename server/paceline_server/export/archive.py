"""The archive: tables as JSON, telemetry as CSV, journals as the wearables wrote them. Blocks; belongs in a pool."""

import csv
import io
import logging
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO

import orjson

from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.export import store
from paceline_server.imports.originals import original_place
from paceline_server.imports.store import sums_of
from paceline_server.journals.files import JournalFiles
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Database
from paceline_server.telemetry import COLUMN_NAMES, unpack_columns

_log = logging.getLogger("paceline.export")
README = """Everything that this Paceline server keeps of you.

tables/NAME.json          rows as the server keeps them; names carry units, times are Unix seconds (UTC), bytes are hex
telemetry/ACTIVITY.csv    an activity second by second; an empty field is not known
originals/SHA256          the files that you imported, byte for byte; an activity's source_key names its file
journals/DEVICE/EPOCH.journal
                          what your wearable wrote, byte for byte (docs/JOURNAL.md)

Not in here: hashes of your password and tokens, and the sealed keys of your wearables.
"""


def write_archive(target: IO[bytes], database: Database, blobs: Blobs, files: JournalFiles, owner_id: str) -> None:
    """Write the ZIP archive of a user."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        archive.writestr("README.txt", README)

        def tables(connection: Connection) -> dict[str, str]:
            sums: dict[str, str] = {}
            for name, found in store.rows(connection, owner_id):
                archive.writestr(f"tables/{name}.json", _json(found))
                if name == "activities":
                    sums = {str(row["activity_id"]): str(row["telemetry_sha256"]) for row in found}
            return sums

        for activity_id, sha256 in database.read_now(tables).items():
            blob = _blob(blobs, telemetry_place(owner_id, activity_id), sha256)
            if blob is not None:
                archive.writestr(f"telemetry/{activity_id}.csv", _csv(unpack_columns(blob, COLUMN_NAMES)))
        for sha256 in database.read_now(sums_of, owner_id):
            blob = _blob(blobs, original_place(owner_id), sha256)
            if blob is not None:
                archive.writestr(f"originals/{sha256}", blob)
        for path in files.of(owner_id):
            archive.write(path, f"journals/{path.parent.name}/{path.name}")


def _blob(blobs: Blobs, place: str, sha256: str) -> bytes | None:
    try:
        return blobs.get(place, sha256)
    except BlobDamagedError:
        _log.exception("an archive is without this blob")
        return None


def _json(rows: Iterable[Mapping[str, object]]) -> bytes:
    return orjson.dumps([*rows], default=_plain, option=orjson.OPT_INDENT_2)


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value).__name__)


def _csv(columns: Mapping[str, Iterable[float]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow("" if value != value else f"{value:.10g}" for value in map(float, row))  # noqa: PLR0124 (NaN)
    return text.getvalue()
