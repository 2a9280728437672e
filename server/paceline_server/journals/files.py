"""The journals' bytes: a file per journal in which a byte lies at its position (sparse before the first one held)."""

import hashlib
import os
import shutil
from pathlib import Path

from paceline_server.journals.model import JournalRef
from paceline_server.platform.blobs import sync_folder
from paceline_server.platform.ids import parse_id

_PIECE = 1 << 20


class JournalFiles:
    """Reads and writes; every function blocks. What lies behind the held position is left over and means nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, ref: JournalRef, position: int, data: bytes) -> None:
        """Write the bytes at their position; durable on return."""
        path = self._path(ref)
        new = not path.exists()
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(descriptor, memoryview(data)[written:], position + written)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if new:
            self._sync_folders(path.parent)

    def read(self, ref: JournalRef, start: int, end: int) -> bytes:
        """Return the bytes of start … end, all of which must be held."""
        with self._path(ref).open("rb") as file:
            file.seek(start)
            data = file.read(end - start)
        if len(data) != end - start:
            raise OSError(f"{self._path(ref)}: ends at {start + len(data)}, {end} should be held")
        return data

    def digest(self, ref: JournalRef, start: int, end: int) -> str:
        """Return the SHA-256, in hex, of the bytes of start … end, all of which must be held."""
        found = hashlib.sha256()
        for at in range(start, end, _PIECE):
            found.update(self.read(ref, at, min(end, at + _PIECE)))
        return found.hexdigest()

    def size(self, ref: JournalRef) -> int:
        """Return how far the file reaches, 0 when there is none."""
        path = self._path(ref)
        return path.stat().st_size if path.exists() else 0

    def first_difference(self, ref: JournalRef, position: int, data: bytes) -> int | None:
        """Return the position of the first byte that differs from what is held at `position`, None when none does."""
        held = self.read(ref, position, position + len(data))
        if held == data:
            return None
        return position + next(i for i, (ours, theirs) in enumerate(zip(held, data, strict=True)) if ours != theirs)

    def owners(self) -> list[str]:
        """Return everybody of whom there are files."""
        return sorted(path.name for path in self._folder.iterdir()) if self._folder.is_dir() else []

    def of(self, owner_id: str) -> list[Path]:
        """Return the files of an owner."""
        return sorted((self._folder / parse_id(owner_id)).glob("*/*.journal"))

    def forget(self, owner_id: str) -> None:
        """Delete all files of an owner; there may be none."""
        folder = self._folder / parse_id(owner_id)
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)  # somebody else may be at it
            if folder.is_dir():
                raise OSError(f"{folder} cannot be deleted")
            sync_folder(self._folder)

    def _path(self, ref: JournalRef) -> Path:
        return self._folder / ref.owner_id / ref.device_id / f"{ref.epoch:08x}.journal"

    def _sync_folders(self, folder: Path) -> None:
        while folder != self._folder.parent:
            sync_folder(folder)
            folder = folder.parent
