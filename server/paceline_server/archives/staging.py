"""An archive on its way in: kept in a file beside the data until it is taken; a dot before it: backups leave it out."""

import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from paceline_server.archives.model import ArchiveRead
from paceline_server.errors import InvalidError, TooLargeError

LARGEST_BYTES = 8 << 30
LEFT_S = 86400.0  # longer than any upload takes
_PREFIX = ".archive-"


def staged_file(folder: Path, found: ArchiveRead) -> Path:
    """Return where the file is that a user sent."""
    return _path(folder, found.owner_id, found.staged)


async def stage(folder: Path, owner_id: str, pieces: AsyncIterator[bytes], random: Callable[[int], bytes]) -> str:
    """Keep what comes, durably; return the name that the row gives. TooLargeError beyond LARGEST_BYTES."""
    _sweep(folder, owner_id)
    staged = random(8).hex()
    path, size = _path(folder, owner_id, staged), 0
    try:
        with path.open("xb") as file:
            async for piece in pieces:
                size += len(piece)
                if size > LARGEST_BYTES:
                    raise TooLargeError("too_large", f"An archive may have {LARGEST_BYTES} bytes.", limit=LARGEST_BYTES)
                file.write(piece)
            if size == 0:
                raise InvalidError("no_file", "There is no file in this request, or it is empty.", field="file")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return staged


def unstage(folder: Path, owner_id: str, staged: str) -> None:
    """Forget a file that is not taken after all."""
    _path(folder, owner_id, staged).unlink(missing_ok=True)


def forget(folder: Path, owner_id: str) -> None:
    """Delete all that an owner sent."""
    for path in folder.glob(f"{_PREFIX}{owner_id}-*"):
        path.unlink(missing_ok=True)


def _sweep(folder: Path, owner_id: str) -> None:
    """Delete what a process that died left of this owner's."""
    for path in folder.glob(f"{_PREFIX}{owner_id}-*"):
        if time.time() - path.stat().st_mtime > LEFT_S:  # the file system's own clock
            path.unlink(missing_ok=True)


def _path(folder: Path, owner_id: str, staged: str) -> Path:
    return folder / f"{_PREFIX}{owner_id}-{staged}"
