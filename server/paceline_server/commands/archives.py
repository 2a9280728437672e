"""`archive` and `take`: all of a user's data into a file, and out of one, from the machine itself."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from paceline_server.archives import store
from paceline_server.archives.model import SENT, TAKEN, ArchiveRead
from paceline_server.archives.staging import staged_file
from paceline_server.archives.writing import write_archive
from paceline_server.backstage import make_backstage
from paceline_server.commands.upkeep import worked_off
from paceline_server.config import Config
from paceline_server.errors import NotFoundError, UsageError
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Database
from paceline_server.users import store as users
from paceline_server.users.service import normal_name


def archive(config: Config, username: str, file: Path) -> Iterator[str]:
    """Write a user's archive into a new file."""
    with Database(config.url) as database, closing(Apart()) as apart:
        places = make_backstage(config, database, time.time, os.urandom, apart).places
        owner_id = _owner(database, username)
        try:
            with file.open("xb") as target:
                os.chmod(file, 0o600)  # it says where somebody was
                manifest = write_archive(target, places, owner_id, time.time())
        except FileExistsError:
            raise UsageError(f"{file} is there already: name a new file") from None
    size = sum(part.size for part in manifest.parts)
    yield f"{file}: {len(manifest.parts)} parts, {size} bytes before they are packed"


def take(config: Config, username: str, file: Path) -> Iterator[str]:
    """Read an archive into a user's account, which is new or empty."""
    with Database(config.url) as database, closing(Apart()) as apart:
        stage = make_backstage(config, database, time.time, os.urandom, apart)
        owner_id = _owner(database, username)
        coming = ArchiveRead(owner_id, SENT, os.urandom(8).hex())
        staged = staged_file(config.data, coming)
        shutil.copyfile(file, staged)
        try:
            database.write_now(store.sent, owner_id, coming.staged, time.time())
        except BaseException:
            staged.unlink()
            raise
        yield from worked_off(config, stage)
        found = database.read_now(store.seen, owner_id) or replace(coming, reason="It is gone.")
        yield f"{found.state}: {found.taken_rows} of {found.total_rows} rows. {found.reason}".rstrip()
        if found.reason and found.state != TAKEN:
            raise UsageError("the archive was not taken" if found.whole else "only a part of the archive was taken")


def _owner(database: Database, username: str) -> str:
    found = database.read_now(users.find, normal_name(username))
    if found is None:
        raise NotFoundError("not_found", f"There is no user {username}.")
    return found[0].owner_id
