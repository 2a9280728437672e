"""From a backup to a data folder and a database of either engine: all of it, or a message and an empty database."""

import shutil
from pathlib import Path

from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.platform import dump
from paceline_server.platform.blobs import open_blobs, sync_folder
from paceline_server.platform.database import Connection, fill_new
from paceline_server.upkeep.backup import LOCK_FILE
from paceline_server.upkeep.manifest import Manifest, check, data_file, read_manifest, table_file


def restore_backup(config: Config, folder: Path) -> Manifest:
    """Restore into an empty data folder and an empty database; return the backup's manifest.

    UsageError, before anything is written, when the folder is not empty or the backup is not whole.
    """
    there = sorted(path.name for path in config.data.iterdir() if path.name != LOCK_FILE)
    if there:
        raise UsageError(f"{config.data} is not empty ({there[0]}): restore into a new data folder")
    manifest = read_manifest(folder)
    check(folder, manifest)

    def fill(connection: Connection) -> None:
        for one in manifest.tables:
            with table_file(folder, one.table.name).open("rb") as rows:
                if dump.load(connection, one.table, rows) != one.count:
                    raise UsageError(f"table {one.table.name} did not come whole out of the backup")

    # The rows first: they are refused where a database is not empty, and nothing is copied beside it.
    fill_new(config.url, manifest.revision, fill)
    blobs = open_blobs(config.blobs, config.blob_url)
    for one in manifest.files:
        path = config.data / one.path
        if config.blob_url is not None and path.is_relative_to(config.blobs):
            blobs.put_raw(path.relative_to(config.blobs).as_posix(), data_file(folder, one.path).read_bytes())
            continue
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(data_file(folder, one.path), path)
        sync_folder(path.parent)
    return manifest
