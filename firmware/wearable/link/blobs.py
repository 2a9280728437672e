"""What gateways PUT: settings, plans, GPS assistance, notices; kept by kind in small files, resumed after a cut.

A file is version u32 ‖ total u32 ‖ data; KIND.part while it grows, KIND.blob when it is whole. A growing file of a kind
with a gate, which is large, stays open and is flushed by the block: else littlefs would copy a block for each piece.
"""

import os
import struct

from paceline_protocol.errors import LinkError

KINDS = 5
_LONGEST = 16_384
_HEAD = 8
_FLUSH_EVERY = 4096


class BlobStore:
    """Blobs in one folder, one finished and one unfinished of each kind.

    `checks` has functions by kind: check(file open at the first byte) says what is wrong with a whole blob, "" nothing.
    So has `gates`: gate(version, total) says of a piece whether the blob is of no more use because it was applied, and
    raises LinkError when it may not come now, or not in this size. What `taken` has of a kind is called when a new blob
    of it is whole.
    """

    def __init__(self, folder: str, checks=None, gates=None) -> None:
        self._folder = folder
        self._checks = checks or {}
        self._gates = gates or {}
        self.taken = {}
        self._growing = None  # (kind, head) of the file that is open
        self._file = None
        self._size = 0  # of its data

    def put(self, kind: int, version: int, total: int, offset: int, data: bytes) -> int:
        """Take a piece and return how many bytes are held, `total` when the blob is whole.

        LinkError("refused") for a kind or size that is not kept, when there is no room, and for a whole blob that its
        check does not pass: the one before it stays.
        """
        gate = self._gates.get(kind)
        if not 1 <= kind <= KINDS or total < 1 or (total > _LONGEST and not gate) or offset + len(data) > total:
            raise LinkError("refused", offset, f"blob kind {kind} of {total} bytes is not kept here")
        head = struct.pack("<II", version, total)
        if self._held(f"{kind}.blob", head) == total or (gate and gate(version, total)):
            return total
        part = f"{kind}.part"
        opened = self._growing == (kind, head)
        held = self._size if opened else self._held(part, head)
        if offset != held:
            return held
        try:
            if not opened:
                self._open(kind, head, held)
            self._append(data, total, gate is not None)
        except OSError:
            self._give_up(part)
            raise LinkError("refused", held, "there is no room for it")  # noqa: B904 (MicroPython keeps no cause)
        if held + len(data) == total:
            self._check(kind, part)
            os.rename(f"{self._folder}/{part}", f"{self._folder}/{kind}.blob")
            if kind in self.taken:
                self.taken[kind]()
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

    def _open(self, kind: int, head: bytes, held: int) -> None:
        self._close()
        try:
            os.mkdir(self._folder)
        except OSError:
            pass  # it is there already
        self._file = file = open(f"{self._folder}/{kind}.part", "ab" if held else "wb")  # noqa: SIM115
        self._growing, self._size = (kind, head), held
        if not held:
            file.write(head)

    def _append(self, data: bytes, total: int, large: bool) -> None:
        blocks = self._size // _FLUSH_EVERY
        file = self._file
        assert file is not None
        file.write(data)
        self._size += len(data)
        if self._size == total or not large:
            self._close()
        elif self._size // _FLUSH_EVERY != blocks:
            file.flush()

    def _close(self) -> None:
        file, self._file, self._growing = self._file, None, None
        if file:
            file.close()

    def _give_up(self, part: str) -> None:
        for free in (self._close, lambda: os.remove(f"{self._folder}/{part}")):
            try:
                free()
            except OSError:
                pass
