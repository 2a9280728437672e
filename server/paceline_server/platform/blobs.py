"""A folder of blobs by key; a put is whole and durable, or has not happened."""

import os
import re
from pathlib import Path

_KEY = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*")


class Blobs:
    """Bytes under keys such as `telemetry/<owner>/<activity>`; every function blocks and belongs in a pool."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under the key, over what was there; durable on return. One at a time for a key."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(path)  # always the same: what a crash leaves, the next put takes over
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key, None when there are none."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, key: str) -> bool:
        """Tell whether there are bytes under the key."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Forget the key; it may be absent."""
        path = self._path(key)
        for each in (_temporary(path), path):
            each.unlink(missing_ok=True)

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, which ends with "/"."""
        folder = self._path(prefix.rstrip("/"))
        files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        return sorted(path.relative_to(self._folder).as_posix() for path in files)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a blob key: {key!r}")
        return self._folder / key


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
