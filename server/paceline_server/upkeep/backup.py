"""An online backup: one moment of the database, then the files.

Journals only grow, and what lies behind the position that the database knows means nothing: so files that are copied
later than the moment fit it.
"""

import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from paceline_server.activities.telemetry_left import TELEMETRY
from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.imports.originals import ORIGINALS, STAGED
from paceline_server.platform import dump
from paceline_server.platform.blobs import Blobs, open_blobs, sync_folder
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.migrate import HEAD
from paceline_server.upkeep.manifest import (
    NAME,
    File,
    Manifest,
    Rows,
    check,
    data_file,
    digest,
    read_manifest,
    table_file,
)

BLOBS = (TELEMETRY, ORIGINALS, STAGED)
DATABASE_FILE, LOCK_FILE = "paceline.sqlite3", "server.lock"


def back_up(config: Config, database: Database, folder: Path, now_s: float) -> Manifest:
    """Write the backup into the folder, which must be new or empty, and read it again; return its manifest."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty: a backup needs a folder of its own")
    if folder.resolve().is_relative_to(config.data):
        raise UsageError("a backup inside of the data folder would be lost with it")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    tables = database.read_moment_now(_write_tables, folder)
    copies = [_copy(config.data, path, folder) for path in _data_files(config)]
    if config.blob_url is not None:
        blobs = open_blobs(config.blobs, config.blob_url)
        copies += [_copy_blob(blobs, key, config, folder) for prefix in BLOBS for key in blobs.keys(prefix)]
    made_at = datetime.fromtimestamp(now_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = Manifest(made_at, HEAD, tables, tuple(copy for copy in copies if copy is not None))
    with (folder / NAME).open("xb") as file:
        file.write(manifest.as_json())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    check(folder, read_manifest(folder))
    return manifest


def _write_tables(connection: Connection, folder: Path) -> tuple[Rows, ...]:
    (folder / "tables").mkdir(mode=0o700)
    return tuple(_write_table(connection, table, table_file(folder, table.name)) for table in dump.tables())


def _write_table(connection: Connection, table: dump.Dumped, path: Path) -> Rows:
    count, found = 0, hashlib.sha256()
    with path.open("xb") as file:
        for line in dump.lines(connection, table):
            file.write(line)
            found.update(line)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return Rows(table, count, found.hexdigest())


def _data_files(config: Config) -> list[Path]:
    """Return what of the data folder is no database, lock or half-written file, and nothing that is fetched again."""
    files = (path for path in config.data.rglob("*") if path.is_file() and not path.is_symlink())
    files = (path for path in files if path.parent != config.elevation_cache)
    return sorted(path for path in files if not path.name.startswith((".", DATABASE_FILE, LOCK_FILE)))


def _copy_blob(blobs: Blobs, key: str, config: Config, folder: Path) -> File | None:
    """Copy a blob of a bucket to where one of the folder lies, so that a backup restores to either."""
    data = blobs.raw(key)
    if data is None:  # deleted meanwhile
        return None
    name = (config.blobs / key).relative_to(config.data).as_posix()
    copy = data_file(folder, name)
    copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with copy.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return File(name, len(data), digest(copy))


def _copy(data: Path, path: Path, folder: Path) -> File | None:
    name = path.relative_to(data).as_posix()
    copy = data_file(folder, name)
    copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        shutil.copy2(path, copy)
    except FileNotFoundError:  # deleted meanwhile
        return None
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    return File(name, copy.stat().st_size, digest(copy))
