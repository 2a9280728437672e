"""Blobs as files of a folder; a put is whole and durable, or has not happened.

obstore's own LocalStore renames without fsync, so that a power cut could leave an empty file behind an acknowledged
put; this one does both.
"""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
NEW = ".new"


class BlobFolder:
    """Bytes under keys that platform/blobs.py checks; every function blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under the key, over what was there; durable on return. One at a time for a key."""
        self._put(key, lambda file: file.write(data))

    def put_file(self, key: str, path: Path) -> None:
        """Keep the bytes of a file."""
        with path.open("rb") as source:
            self._put(key, lambda file: shutil.copyfileobj(source, file, CHUNK))

    def move_file(self, key: str, path: Path) -> None:
        """Keep the bytes of a file that goes: it is not copied where it lies in the same file system."""
        kept = self._folder / key
        kept.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b") as file:
            os.fsync(file.fileno())
        try:
            path.replace(kept)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self.put_file(key, path)
            path.unlink()
            return
        sync_folder(kept.parent)

    def _put(self, key: str, write: Callable[[BinaryIO], object]) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(path)  # always the same: what a crash leaves, the next put takes over
        try:
            with temporary.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def link(self, key: str, other: str) -> None:
        """Keep what is under the key under another one, too; durable on return. FileNotFoundError for nothing."""
        held, path = self._folder / key, self._folder / other
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(held, path)
        except FileNotFoundError:
            raise
        except OSError:  # there is something already, or the file system knows no links
            self.put_file(other, held)
            return
        sync_folder(path.parent)

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key, None when there are none."""
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError:
            return None

    def at_hand(self, key: str) -> Path | None:
        """Return the file under the key, None when there is none."""
        path = self._folder / key
        return path if path.is_file() else None

    def versions(self, key: str) -> list[str]:
        """Return the key, if there is such a one, and those that begin with it and a dot; also of what a crash left."""
        path = self._folder / key
        names = os.listdir(path.parent) if path.parent.is_dir() else []
        plain = {name[1 : -len(NEW)] if name.startswith(".") and name.endswith(NEW) else name for name in names}
        found = sorted(name for name in plain if name == path.name or name.startswith(f"{path.name}."))
        return [(path.parent / name).relative_to(self._folder).as_posix() for name in found]

    def to_file(self, key: str, path: Path) -> bool:
        """Write what is under the key to a file; False when there is nothing."""
        try:
            shutil.copyfile(self._folder / key, path)
        except FileNotFoundError:
            return False
        return True

    def changed_at_s(self, key: str) -> float | None:
        """Return when the key was put, in Unix seconds by the machine's clock; None when there are no bytes."""
        try:
            return (self._folder / key).stat().st_mtime
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Forget the key; it may be absent."""
        path = self._folder / key
        for each in (_temporary(path), path):
            each.unlink(missing_ok=True)

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, which ends with "/"."""
        files = (path for path in (self._folder / prefix).rglob("*") if not path.name.startswith("."))
        return sorted(path.relative_to(self._folder).as_posix() for path in files if path.is_file())


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}{NEW}")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
