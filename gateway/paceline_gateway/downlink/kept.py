"""The blobs that the server wants on a wearable, kept in its folder of the spool, so that no internet is needed later.

    SPOOL/<device id>/<kind>.desired    version u32 ‖ SHA-256 of the rest ‖ blob

A file is replaced atomically; a damaged one counts as absent and is fetched again.
"""

import hashlib
import os
import struct
from pathlib import Path

from paceline_protocol.code_tables import BLOB_KINDS

from paceline_gateway.errors import SpoolError
from paceline_gateway.push import Blob

LARGEST_BLOB = 1 << 20
_HEAD = struct.Struct("<I32s")


class KeptBlobs:
    """The blobs of one wearable; read once, then held in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = (_read(self._path(kind), kind) for kind in range(1, len(BLOB_KINDS)))
        self._blobs = {blob.kind: blob for blob in found if blob is not None}

    def all(self) -> tuple[Blob, ...]:
        """Return the blobs in the order of their kinds."""
        return tuple(self._blobs[kind] for kind in sorted(self._blobs))

    def version(self, kind: int) -> int:
        """Return the version of the blob of a kind, 0 without one."""
        blob = self._blobs.get(kind)
        return blob.version if blob else 0

    def keep(self, blob: Blob) -> None:
        """Replace the blob of its kind; SpoolError when the disk refuses."""
        path = self._path(blob.kind)
        fresh = path.with_name(path.name + ".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh.touch(0o600)
            fresh.write_bytes(_HEAD.pack(blob.version, hashlib.sha256(blob.data).digest()) + blob.data)
            os.replace(fresh, path)
        except OSError as error:
            raise SpoolError(path, error.strerror or str(error)) from error
        self._blobs[blob.kind] = blob

    def drop(self, kind: int) -> None:
        """Forget the blob of a kind: the server wants none any more. SpoolError when the disk refuses."""
        if self._blobs.pop(kind, None) is not None:
            path = self._path(kind)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise SpoolError(path, error.strerror or str(error)) from error

    def _path(self, kind: int) -> Path:
        return self._folder / f"{BLOB_KINDS[kind].replace(' ', '-')}.desired"


def _read(path: Path, kind: int) -> Blob | None:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BLOB + _HEAD.size + 1)
    except OSError:
        return None
    if not _HEAD.size < len(content) <= LARGEST_BLOB + _HEAD.size:
        return None
    version, digest = _HEAD.unpack_from(content)
    data = content[_HEAD.size :]
    return Blob(kind, version, data) if hashlib.sha256(data).digest() == digest else None
