"""A NOR flash as MicroPython's extended block device: erase sets ones, programming only clears bits, power fails.

The cells outlive the object: after a cut the old object is dead for good, and boot() gives a new one on the same cells,
so that nothing left over from the life before can write into the next one. Runs on both interpreters.
"""

import errno

BLOCK = 4096
_ERASED = b"\xff" * BLOCK


class Dice:
    """A small generator of the same numbers on both interpreters (Lehmer, modulo 2**31 − 1)."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 16807 % 0x7FFFFFFF or 1

    def below(self, limit: int) -> int:
        """Return a number from 0 to limit − 1."""
        self._state = self._state * 48271 % 0x7FFFFFFF
        return (self._state >> 3) % limit


class NorFlash:
    """The flash; `cut_in` operations (erase or program) from now the power fails within one, None never."""

    def __init__(self, blocks: int, dice: "Dice | None" = None) -> None:
        self.cells = bytearray(_ERASED * blocks)
        self.erases = [0] * blocks
        self.programmed = 0  # bytes
        self.operations = 0
        self.violations = 0  # bytes that would have needed a bit to go from 0 to 1
        self.cut_in: int | None = None
        self._dice = dice or Dice(1)
        self._dead = False

    def boot(self) -> "NorFlash":
        """Return the flash after power came back; this object is dead from now on."""
        self._dead = True
        fresh = NorFlash(0, self._dice)
        fresh.cells, fresh.erases = self.cells, self.erases
        fresh.programmed, fresh.operations, fresh.violations = self.programmed, self.operations, self.violations
        return fresh

    def readblocks(self, block: int, buffer: "bytearray | memoryview", offset: int = 0) -> None:
        """Fill the buffer from the block."""
        self._alive()
        at = block * BLOCK + offset
        assert offset + len(buffer) <= BLOCK, "a read leaves its block"
        buffer[:] = memoryview(self.cells)[at : at + len(buffer)]

    def writeblocks(self, block: int, data: "bytes | memoryview", offset: int) -> None:
        """Program the data; nothing is erased."""
        cut = self._starts()
        assert offset + len(data) <= BLOCK, "a program leaves its block"
        at = block * BLOCK + offset
        count = self._dice.below(len(data) + 1) if cut else len(data)
        for i in range(count):
            self._program(at + i, data[i])
        self.programmed += count
        if cut:
            if count < len(data):  # the byte under way has some of its bits
                self._program(at + count, data[count] | self._dice.below(256))
            self._fail()

    def ioctl(self, operation: int, block: int) -> int:
        """4: number of blocks, 5: their size, 6: erase one."""
        if operation == 4:
            return len(self.erases)
        if operation == 5:
            return BLOCK
        if operation != 6:
            raise OSError(errno.EINVAL)
        cut = self._starts()
        at = block * BLOCK
        self.erases[block] += 1
        if cut:
            self._half_erase(at)
            self._fail()
        self.cells[at : at + BLOCK] = _ERASED
        return 0

    def _half_erase(self, at: int) -> None:
        # Erasing clears and then raises all bits, and may stop anywhere: nothing yet, zeros, noise, part of the block.
        kind = self._dice.below(5)
        if kind == 1:
            self.cells[at : at + BLOCK] = bytes(BLOCK)
        elif kind == 2:
            for i in range(at, at + BLOCK, 7):
                self.cells[i] |= self._dice.below(256)
        elif kind == 3:
            self.cells[at + 64 : at + BLOCK] = _ERASED[64:]  # the header is still whole
        elif kind == 4:
            self.cells[at : at + BLOCK // 2] = _ERASED[: BLOCK // 2]

    def _program(self, at: int, value: int) -> None:
        if self.cells[at] & value != value:
            self.violations += 1
        self.cells[at] &= value

    def _starts(self) -> bool:
        self._alive()
        self.operations += 1
        if self.cut_in is None:
            return False
        self.cut_in -= 1
        return self.cut_in < 0

    def _alive(self) -> None:
        if self._dead:
            raise OSError(errno.EIO)

    def _fail(self) -> None:
        self._dead = True
        raise OSError(errno.EIO)
