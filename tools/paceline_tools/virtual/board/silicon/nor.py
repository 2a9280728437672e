"""NOR flash in a file: erasing 4 KiB sets ones, programming only clears them, and the power can fail at any operation.

Beside the cells lies `<name>.wear`: operations u32 (programs and erases in the device's life), programmings that asked
for a 0 to become 1 u32, then the erases of each block u32; all little endian. It is the bench's view, not the chip's.
"""

import os
import struct

from silicon import power

BLOCK = 4096
_OPERATIONS = 0
_VIOLATIONS = 4
_ERASES = 8


class Nor:
    """The cells of one flash region; addresses in bytes. `cut_at` names the operation during which the power fails."""

    def __init__(self, path: str, die=None) -> None:
        self.size = os.stat(path)[6]
        self.cut_at = None
        self.cut_seed = 0
        self._die = die or (lambda: power.stop(power.POWER_CUT_SIGNAL))
        self._cells = open(path, "r+b")
        self._wear = _open_wear(path + ".wear", self.size // BLOCK)
        self.operations, self.violations = struct.unpack("<II", self._wear.read(8))

    def read(self, address: int, buffer) -> None:
        """Fill the buffer; OSError(EINVAL) beyond the end."""
        self._check(address, len(buffer))
        self._cells.seek(address)
        self._cells.readinto(buffer)

    def program(self, address: int, data) -> None:
        """Clear the bits that are 0 in the data; a bit that would have to become 1 stays 0 and is counted."""
        size = len(data)
        self._check(address, size)
        cut = self._operation()
        if cut:
            random = _Random(self.cut_seed + self.operations)
            size = random.below(size + 1)
            data = bytes(data[:size]) + (bytes([data[size] | random.below(256)]) if size < len(data) else b"")
        self._cells.seek(address)
        old = self._cells.read(len(data))
        new = int.from_bytes(old, "little") & int.from_bytes(bytes(data), "little")
        if not cut and new != int.from_bytes(bytes(data), "little"):
            self.violations += 1
            self._note(_VIOLATIONS, self.violations)
        self._cells.seek(address)
        self._cells.write(new.to_bytes(len(data), "little"))
        if cut:
            self._die()

    def erase(self, block: int) -> None:
        """Set every bit of the block."""
        self._check(block * BLOCK, BLOCK)
        cut = self._operation()
        self._count_erase(block)
        self._cells.seek(block * BLOCK)
        if not cut:
            self._cells.write(b"\xff" * BLOCK)
            return
        random = _Random(self.cut_seed + self.operations)
        kind = random.below(3)  # nothing happened yet; half is done; bits come up here and there
        if kind == 1:
            self._cells.write(b"\xff" * (BLOCK // 2))
        elif kind == 2:
            cells = bytearray(self._cells.read(BLOCK))
            for at in range(0, BLOCK, 7):
                cells[at] |= random.below(256)
            self._cells.seek(block * BLOCK)
            self._cells.write(cells)
        self._die()

    def erases(self, block: int) -> int:
        """Return how often the block was erased in the device's life."""
        self._wear.seek(_ERASES + 4 * block)
        return struct.unpack("<I", self._wear.read(4))[0]

    def _check(self, address: int, size: int) -> None:
        if address < 0 or address + size > self.size:
            raise OSError(22)

    def _operation(self) -> bool:
        self.operations += 1
        self._note(_OPERATIONS, self.operations)
        return self.cut_at is not None and self.operations >= self.cut_at

    def _count_erase(self, block: int) -> None:
        self._note(_ERASES + 4 * block, self.erases(block) + 1)

    def _note(self, at: int, value: int) -> None:
        self._wear.seek(at)
        self._wear.write(struct.pack("<I", value))


class _Random:
    """xorshift32: the same seed gives the same damage, and the firmware's own random numbers stay untouched."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2654435761 + 1) & 0xFFFFFFFF or 1
        for _ in range(8):
            self.below(1)

    def below(self, bound: int) -> int:
        state = self._state
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        self._state = state
        return state % bound


def _open_wear(path: str, blocks: int):
    try:
        os.stat(path)
    except OSError:
        with open(path, "wb") as wear:
            wear.write(bytes(_ERASES + 4 * blocks))
    return open(path, "r+b")
