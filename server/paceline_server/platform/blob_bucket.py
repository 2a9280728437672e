"""Blobs in a bucket of S3 or what speaks like it, by obstore; a put is whole and durable, or has not happened.

Who may (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), where (AWS_ENDPOINT_URL, AWS_REGION) come from the environment, as
every program of that world takes them.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from paceline_server.platform.blob_errors import BlobStoreError

T = TypeVar("T")
TIMEOUT_S, CONNECT_S = 20, 5  # of one try
TRIES_S = 30  # after this long no further try is begun


class BlobBucket:
    """Bytes under keys that platform/blobs.py checks; every function blocks, for a minute at most.

    BlobStoreError when the bucket does not answer in time, or refuses.
    """

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S, tries_s: float = TRIES_S) -> None:
        insecure = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")  # who says so means it
        try:
            self._store = S3Store.from_url(
                url,
                client_options={
                    "timeout": timedelta(seconds=timeout_s),
                    "connect_timeout": timedelta(seconds=min(CONNECT_S, timeout_s)),
                    "allow_http": insecure,
                },
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=tries_s)},
            )
        except (BaseError, ValueError) as error:
            raise BlobStoreError(f"the blob store {url} cannot be used: {_said(error)}") from error
        self._url = url

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under the key, over what was there; durable on return."""
        self._asked(lambda: obstore.put(self._store, key, data))

    def put_file(self, key: str, path: Path) -> None:
        """Keep the bytes of a file, in parts."""
        self._asked(lambda: obstore.put(self._store, key, path))

    def move_file(self, key: str, path: Path) -> None:
        """Keep the bytes of a file, which goes."""
        self.put_file(key, path)
        path.unlink()

    def link(self, key: str, other: str) -> None:
        """Keep what is under the key under another one, too. FileNotFoundError for nothing."""
        self._asked(lambda: obstore.copy(self._store, key, other))

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key, None when there are none."""
        try:
            return self._asked(lambda: obstore.get(self._store, key).bytes().to_bytes())
        except FileNotFoundError:
            return None

    def at_hand(self, key: str) -> Path | None:
        """Return None: a bucket is elsewhere."""
        del key

    def versions(self, key: str) -> list[str]:
        """Return the key, if there is such a one, and those that begin with it and a dot."""
        under = self.keys(f"{key.rpartition('/')[0]}/")
        return [one for one in under if one == key or one.startswith(f"{key}.")]

    def to_file(self, key: str, path: Path) -> bool:
        """Write what is under the key to a file, piece by piece; False when there is nothing."""

        def write() -> None:
            with path.open("wb") as file:
                for piece in obstore.get(self._store, key):
                    file.write(piece)

        try:
            self._asked(write)
        except FileNotFoundError:
            return False
        return True

    def changed_at_s(self, key: str) -> float | None:
        """Return when the key was put, in Unix seconds by the bucket's clock; None when there are no bytes."""
        try:
            return self._asked(lambda: obstore.head(self._store, key))["last_modified"].timestamp()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Forget the key; it may be absent."""
        with suppress(FileNotFoundError):
            self._asked(lambda: obstore.delete(self._store, key))

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, which ends with "/"."""
        return sorted(self._asked(lambda: [one["path"] for some in obstore.list(self._store, prefix) for one in some]))

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except (BaseError, TimeoutError, PermissionError) as error:
            raise BlobStoreError(f"the blob store {self._url} fails: {_said(error)}") from error


def _said(error: Exception) -> str:
    """Return the first line: below it obstore tells how it is made inside."""
    return str(error).partition("\n")[0]
