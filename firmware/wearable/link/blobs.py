"""What gateways PUT: settings, plans, GPS assistance; kept by kind in small files, resumed after a cut.

A file is version u32 ‖ total u32 ‖ data; KIND.part while it grows, KIND.blob when it is whole.
"""

import os
import struct

from paceline_protocol.errors import LinkError

KINDS = 4
_LONGEST = 16_384
_HEAD = 8


class BlobStore:
    """Blobs in one folder, one finished and one unfinished of each kind.

    `checks` has functions by kind: check(file open at the first byte) says what is wrong with a whole blob, "" nothing.
    """

    def __init__(self, folder: str, checks=None) -> None:
        self._folder = folder
        self._checks = checks or {}

    def put(self, kind: int, version: int, total: int, offset: int, data: bytes) -> int:
        """Take a piece and return how many bytes are held, `total` when the blob is whole.

        LinkError("refused") for a kind or size that is not kept, and for a whole blob that its check does not pass: the
        one before it stays.
        """
        if not 1 <= kind <= KINDS or not 0 < total <= _LONGEST or offset + len(data) > total:
            raise LinkError("refused", offset, f"blob kind {kind} of {total} bytes is not kept here")
        head = struct.pack("<II", version, total)
        if self._held(f"{kind}.blob", head) == total:
            return total
        part = f"{kind}.part"
        held = self._held(part, head)
        if offset != held:
            return held
        if held == 0:
            self._write(part, "wb", head)
        self._write(part, "ab", data)
        if held + len(data) == total:
            self._check(kind, part)
            os.rename(f"{self._folder}/{part}", f"{self._folder}/{kind}.blob")
        return held + len(data)

    def get(self, kind: int) -> "tuple[int, bytes] | None":
        """Return (version, data) of a whole blob."""
        try:
            with open(f"{self._folder}/{kind}.blob", "rb") as file:
                data = file.read()
        except OSError:
            return None
        return struct.unpack_from("<I", data)[0], data[_HEAD:]

    def version(self, kind: int) -> int:
        """Return the version of a whole blob, 0 when there is none."""
        found = self.open(kind)
        if found is None:
            return 0
        found[1].close()
        return found[0]

    def open(self, kind: int):
        """Return (version, file open at the first byte) of a whole blob, or None; the caller closes the file."""
        try:
            file = open(f"{self._folder}/{kind}.blob", "rb")  # noqa: SIM115
        except OSError:
            return None
        return struct.unpack("<II", file.read(_HEAD))[0], file

    def _check(self, kind: int, part: str) -> None:
        check = self._checks.get(kind)
        if check is None:
            return
        path = f"{self._folder}/{part}"
        with open(path, "rb") as file:
            file.seek(_HEAD)
            wrong = check(file)
        if wrong:
            os.remove(path)
            raise LinkError("refused", 0, wrong)

    def _held(self, name: str, head: bytes) -> int:
        path = f"{self._folder}/{name}"
        try:
            with open(path, "rb") as file:
                if file.read(_HEAD) != head:
                    return 0
            return os.stat(path)[6] - _HEAD
        except OSError:
            return 0

    def _write(self, name: str, mode: str, data: bytes) -> None:
        try:
            os.mkdir(self._folder)
        except OSError:
            pass  # it is there already
        with open(f"{self._folder}/{name}", mode) as file:
            file.write(data)
