"""Blobs: named by what is in them, checked whenever they are read, kept in a folder or a bucket.

A blob lies at a place such as `telemetry/<owner>/<activity>`, under the place, a dot and the SHA-256 of its bytes. The
row that shows it names that sum; so a new version never writes over the one that readers are at. Blobs that older
programs wrote lie under their place alone, and their rows name no sum.
"""

import hashlib
import re
from pathlib import Path
from typing import Protocol

from paceline_server.platform.blob_errors import BlobStoreError
from paceline_server.platform.blob_folder import BlobFolder, sync_folder

__all__ = ["BlobDamagedError", "BlobStoreError", "Blobs", "blob_key", "open_blobs", "place_of", "sum_of", "sync_folder"]

SCHEME = "s3://"
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*")


class BlobDamagedError(Exception):
    """A blob's bytes are not those that were put."""


class Store(Protocol):
    """Where bytes lie (platform/blob_folder.py, platform/blob_bucket.py)."""

    def put(self, key: str, data: bytes) -> None: ...
    def put_file(self, key: str, path: Path) -> None: ...
    def move_file(self, key: str, path: Path) -> None: ...
    def link(self, key: str, other: str) -> None: ...
    def get(self, key: str) -> bytes | None: ...
    def at_hand(self, key: str) -> Path | None: ...
    def versions(self, key: str) -> list[str]: ...
    def to_file(self, key: str, path: Path) -> bool: ...
    def changed_at_s(self, key: str) -> float | None: ...
    def delete(self, key: str) -> None: ...
    def keys(self, prefix: str) -> list[str]: ...


class Blobs:
    """The blobs of a server; every function blocks, and belongs in a pool.

    BlobStoreError when a bucket does not answer.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, place: str, data: bytes) -> str:
        """Keep the bytes at the place, beside what is there; durable on return. Return their SHA-256, in hex."""
        found = hashlib.sha256(data).hexdigest()
        self._store.put(_checked(blob_key(place, found)), data)
        return found

    def get(self, place: str, sha256: str) -> bytes | None:
        """Return the bytes that a row names, None when they are not there; BlobDamagedError when they are others."""
        key = _checked(blob_key(place, sha256))
        data = self._store.get(key)
        if data is not None and sha256 and hashlib.sha256(data).hexdigest() != sha256:
            raise BlobDamagedError(f"the blob {key} is damaged: its {len(data)} bytes are not those that were put")
        return data

    def put_file(self, place: str, path: Path) -> str:
        """Do as `put` with the bytes of a file, which may be larger than the memory."""
        found = _sum_of_file(path)
        self._store.put_file(_checked(blob_key(place, found)), path)
        return found

    def move_file(self, place: str, path: Path, sha256: str = "") -> str:
        """Do as `put_file`, with a file that goes; `sha256` is its sum where that is known."""
        found = sha256 or _sum_of_file(path)
        self._store.move_file(_checked(blob_key(place, found)), path)
        return found

    def link(self, place: str, sha256: str, other: str) -> None:
        """Keep what a row names at another place, too, unread; durable on return. FileNotFoundError for nothing."""
        self._store.link(_checked(blob_key(place, sha256)), _checked(blob_key(other, sha256)))

    def at_hand(self, place: str, sha256: str) -> Path | None:
        """Return the file that a row names where it lies in a folder of this machine, unchecked; None elsewhere."""
        return self._store.at_hand(_checked(blob_key(place, sha256)))

    def versions(self, place: str) -> list[str]:
        """Return the keys of a place."""
        return self._store.versions(_checked(place))

    def to_file(self, place: str, sha256: str, path: Path) -> bool:
        """Write the bytes that a row names to a file; False when they are not there or are others."""
        if not self._store.to_file(_checked(blob_key(place, sha256)), path):
            return False
        return _sum_of_file(path) == sha256

    def raw(self, key: str) -> bytes | None:
        """Return what lies under a key as it is, for a copy."""
        return self._store.get(_checked(key))

    def put_raw(self, key: str, data: bytes) -> None:
        """Keep a copy that `raw` gave."""
        self._store.put(_checked(key), data)

    def has(self, place: str, sha256: str) -> bool:
        """Tell whether there are bytes, unread."""
        return self._store.changed_at_s(_checked(blob_key(place, sha256))) is not None

    def changed_at_s(self, key: str) -> float | None:
        """Return when the key was put, in Unix seconds by the store's clock; None when there is none."""
        return self._store.changed_at_s(_checked(key))

    def delete(self, key: str) -> None:
        """Forget the key; it may be absent."""
        self._store.delete(_checked(key))

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, which ends with "/"."""
        _checked(prefix.rstrip("/"))
        return self._store.keys(prefix)


def open_blobs(folder: Path, url: str | None) -> Blobs:
    """Return the blobs of a folder or, with a URL, of a bucket; BlobStoreError for a URL that is none."""
    if url is None:
        return Blobs(BlobFolder(folder))
    if not url.startswith(SCHEME):
        raise BlobStoreError(f"blob_url is {SCHEME}BUCKET or {SCHEME}BUCKET/PREFIX, not {url}")
    from paceline_server.platform.blob_bucket import BlobBucket  # noqa: PLC0415 (obstore only where it is wanted)

    return Blobs(BlobBucket(url))


def blob_key(place: str, sha256: str) -> str:
    """Return the key of a blob at a place; "" stands for one of an older program, which names no sum."""
    return f"{place}.{sha256}" if sha256 else place


def place_of(key: str) -> str:
    """Return the place of a key."""
    return key.rpartition("/")[0] + "/" + key.rpartition("/")[2].partition(".")[0]


def sum_of(key: str) -> str:
    """Return the SHA-256 that a key names, "" for one of an older program."""
    return key.rpartition("/")[2].partition(".")[2]


def _sum_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a blob key: {key!r}")
    return key
