"""A folder that is watched: what lies in WATCHED/USERNAME is imported for that user, and then moved aside.

A file is taken once it has rested: two looks found it of the same size and time, and it was not written to just now.
Hidden files, and those that programs name while they write them, are let be. What was imported goes to `imported/`,
what cannot be to `broken/`, with the reason in a text beside it. A crash between importing and moving does no harm: the
same content is the same activity.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from paceline_server.errors import TooManyError, UnavailableError
from paceline_server.formats.containers import shown
from paceline_server.imports.model import BROKEN, FAILED, IMPORTING, READING
from paceline_server.imports.receiving import Received
from paceline_server.imports.service import BatchNow, ImportService
from paceline_server.platform.database import Database
from paceline_server.users import store as users

POLL_S = 5.0
REST_S = 5.0
PROGRESS_S = 0.5
IMPORTED_FOLDER, BROKEN_FOLDER = "imported", "broken"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", ".swp", "~")
_log = logging.getLogger("paceline.imports")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file as a look found it."""

    owner_id: str
    path: Path
    size_bytes: int
    changed_ns: int


class FolderWatcher:
    """Imports what is moved into a folder."""

    def __init__(
        self,
        folder: Path,
        limit_bytes: int,
        imports: ImportService,
        database: Database,
        pool: Executor,
        clock: Callable[[], float],
        *,
        poll_s: float = POLL_S,
    ) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._imports = imports
        self._database = database
        self._pool = pool
        self._clock = clock
        self._poll_s = poll_s
        self._before: set[Waiting] = set()
        self._stuck: set[Waiting] = set()  # could not be moved aside

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 (top of the task: the folder may come back)
                _log.exception("the watched folder cannot be looked at")
            await asyncio.sleep(self._poll_s)

    async def look(self) -> int:
        """Import what has rested since the look before; return how many files."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._pool, lambda: set(self._waiting()))
        rested = sorted((found & self._before) - self._stuck, key=lambda one: one.path)
        self._before = found
        taken = 0
        for one in rested:
            if -REST_S < self._clock() - one.changed_ns / 1e9 < REST_S:
                continue
            try:
                reason = await self._take(one)
            except (TooManyError, UnavailableError) as error:
                _log.warning("%s waits: %s", one.path, error.message)
                break
            moved = await loop.run_in_executor(self._pool, _put_aside, one.path, reason)
            if not moved:
                self._stuck.add(one)
            taken += 1
        return taken

    async def _take(self, one: Waiting) -> str:
        """Import a file; return why nothing of it could be, or ""."""
        if one.size_bytes > self._limit_bytes:
            return f"It is larger than the {self._limit_bytes} bytes that are imported at once."
        if not one.size_bytes:
            return "It is empty."
        came = Received(b"", one.path, one.size_bytes, one.path.name)
        batch = await self._imports.take(one.owner_id, shown(one.path.name), came, at_once=True)
        while batch.batch.state in (READING, IMPORTING):
            await asyncio.sleep(PROGRESS_S)
            batch = await self._imports.get(one.owner_id, batch.batch.batch_id)
        return _why_nothing(batch)

    def _waiting(self) -> Iterator[Waiting]:
        for folder in sorted(self._folder.iterdir()):
            if folder.is_symlink() or not folder.is_dir():
                continue
            user = self._database.read_now(users.find, folder.name)
            if user is None:
                continue
            for entry in os.scandir(folder):
                if entry.is_file(follow_symlinks=False) and not _unfinished(entry.name):
                    found = entry.stat(follow_symlinks=False)
                    yield Waiting(user[0].owner_id, Path(entry.path), found.st_size, found.st_mtime_ns)


def _unfinished(name: str) -> bool:
    return name.startswith((".", "~")) or name.lower().endswith(UNFINISHED)


def _why_nothing(now: BatchNow) -> str:
    if now.batch.state == FAILED:
        return now.batch.reason
    if set(now.counts) == {BROKEN}:
        return now.files[0].reason if now.files else "None of it can be read."
    return ""


def _put_aside(path: Path, reason: str) -> bool:
    """Move a file out of the way; False when that is not allowed."""
    folder = path.parent / (BROKEN_FOLDER if reason else IMPORTED_FOLDER)
    try:
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem} ({number}){path.suffix}"
        if reason:
            target.with_name(f"{target.name}.txt").write_text(f"{reason}\n")
            _log.warning("%s cannot be imported: %s", path, reason)
        path.rename(target)
    except FileNotFoundError:  # another server, or its owner, was quicker
        return True
    except OSError as error:
        _log.warning("%s cannot be moved aside, and is left alone: %s", path, error)
        return False
    return True
