"""SSD1306 display of 128 × 64 pixels (Solomon Systech, rev 1.1) over I²C: only what changed is sent."""

import micropython
from micropython import const

from ..signal.pointers import ptr8

ADDRESS = const(0x3C)
BLOCK = const(32)  # columns of one page of eight rows
BLOCKS = const(32)

_WIDTH = const(128)
_COMMANDS = const(0x00)  # control byte, 8.1.5.2
_DATA = const(0x40)
_CONTRAST = const(0x81)
_DARK = b"\xae\x8d\x10"  # display off, charge pump off: 10 uA
_LIT = b"\x8d\x14\xaf"
# Section 9 and the application note of the charge pump; memory is written row after row within a window.
_START = (
    b"\xae"  # off: the memory holds noise
    b"\xd5\x80"  # clock
    b"\xa8\x3f"  # 64 rows
    b"\xd3\x00\x40"  # no offset
    b"\x20\x00"  # horizontal addressing
    b"\xa1\xc8"  # turned by 180°, as the module is mounted
    b"\xda\x12"  # rows wired alternately
    b"\xd9\xf1\xdb\x40"  # precharge and VCOMH for the charge pump
    b"\xa4\xa6"  # show the memory, not inverted
    b"\x2e"  # no scrolling
)


@micropython.viper
def _take(picture: ptr8, held: ptr8, at: int, piece: ptr8) -> int:
    # A block of the picture becomes the piece, and what is held; tells how many bytes were different.
    different = 0
    for i in range(BLOCK):
        byte = picture[at + i]
        piece[i] = byte
        if held[at + i] != byte:
            held[at + i] = byte
            different += 1
    return different


class Ssd1306:
    """The display of one picture buffer (byte page × 128 + column, uppermost pixel in bit 0)."""

    def __init__(self, i2c, buffer: bytearray) -> None:
        self._i2c = i2c
        self._picture = buffer
        self._held = bytearray(len(buffer))
        self._piece = bytearray(BLOCK)
        self._known = bytearray(BLOCKS)  # 1 for each block of which the display's content is that in _held
        self._window = bytearray(b"\x21\x00\x7f\x22\x00\x07")
        self._level = bytearray((_CONTRAST, 0x7F))

    def start(self) -> None:
        """Configure the display, which stays dark; OSError when none answers."""
        self._i2c.writeto_mem(ADDRESS, _COMMANDS, _START)
        for i in range(BLOCKS):
            self._known[i] = 0

    def send(self, block: int) -> bool:
        """Send a block when it changed (1 ms at 400 kHz), and tell whether; OSError when the display is gone."""
        if not _take(self._picture, self._held, block * BLOCK, self._piece) and self._known[block]:
            return False
        self._known[block] = 0
        column = block * BLOCK % _WIDTH
        window = self._window
        window[1], window[2], window[4] = column, column + BLOCK - 1, block * BLOCK // _WIDTH
        self._i2c.writeto_mem(ADDRESS, _COMMANDS, window)
        self._i2c.writeto_mem(ADDRESS, _DATA, self._piece)
        self._known[block] = 1
        return True

    def light(self, lit: bool) -> None:
        """Show the memory, or go dark and keep it."""
        self._i2c.writeto_mem(ADDRESS, _COMMANDS, _LIT if lit else _DARK)

    def contrast(self, level: int) -> None:
        """Set the current of the pixels, 0–255."""
        self._level[1] = level
        self._i2c.writeto_mem(ADDRESS, _COMMANDS, self._level)
