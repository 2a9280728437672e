"""Pages on a flash partition: page number n lies in block n modulo the number of blocks.

The partition has MicroPython's extended block interface, of which only the form that never erases is used:
readblocks(n, buffer, offset), writeblocks(n, buffer, offset), ioctl(4) blocks, ioctl(5) their size, ioctl(6, n) erase.
"""

from paceline_protocol.errors import JournalError
from paceline_protocol.page import HEADER_SIZE, PAGE_SIZE, PageHeader, parse_header
from paceline_protocol.records import is_erased

_BLOCK_COUNT = 4
_BLOCK_SIZE = 5
_ERASE = 6


class PageRing:
    """A partition as pages; OSError comes as the flash raises it."""

    def __init__(self, flash) -> None:
        if flash.ioctl(_BLOCK_SIZE, 0) != PAGE_SIZE:
            raise ValueError("the partition's blocks are not of the page's size")
        self._flash = flash
        self.blocks = flash.ioctl(_BLOCK_COUNT, 0)
        if self.blocks < 3:
            raise ValueError("a journal needs three blocks or more")
        self._head = bytearray(HEADER_SIZE)

    def read(self, number: int, offset: int, buffer: "bytearray | memoryview") -> None:
        """Fill the buffer from the page, beginning at the offset."""
        self._flash.readblocks(number % self.blocks, buffer, offset)

    def program(self, number: int, offset: int, data: "bytes | memoryview") -> None:
        """Write into erased bytes of the page."""
        self._flash.writeblocks(number % self.blocks, data, offset)

    def erase(self, number: int) -> None:
        """Erase the page's block."""
        self._flash.ioctl(_ERASE, number % self.blocks)

    def blank(self, number: int) -> bool:
        """Tell whether the page's block begins with an erased header."""
        self.read(number, 0, self._head)
        return is_erased(self._head)

    def header(self, number: int) -> "PageHeader | None":
        """Return the header that lies in the page's block, or None where there is no whole one of that place."""
        self.read(number, 0, self._head)
        if self._head[0] != 0x50 or self._head[1] != 0x4A:  # "PJ": spares an exception per empty block
            return None
        try:
            found = parse_header(self._head)
        except JournalError:
            return None
        return found if found.number % self.blocks == number % self.blocks else None
