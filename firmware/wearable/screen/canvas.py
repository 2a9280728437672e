"""A picture of 128 × 64 pixels in the display's own order, drawn without taking anything from the heap.

Byte `page * 128 + column` holds eight pixels of a column, the uppermost in bit 0 (SSD1306 datasheet, 8.7).
"""

import micropython
from micropython import const

from ..signal.pointers import ptr8
from .font import Font
from .line import Line

WIDTH = const(128)
HEIGHT = 64

LEFT, CENTRE, RIGHT = 0, 1, 2

_INVERT = const(2)  # beside 0 and 1, what `ink` says


@micropython.viper
def _glyph_inside(buffer: ptr8, glyphs: ptr8, start: int, first: int, parts: int, shift: int):
    # What Canvas._glyph() does, for the usual case and in a twentieth of its time.
    at = start + 1
    for column in range(first, first + glyphs[start]):
        to = column
        for _ in range(parts):
            bits = glyphs[at] << shift
            at += 1
            if bits:
                buffer[to] = buffer[to] | (bits & 0xFF)
                if bits > 0xFF:
                    buffer[to + WIDTH] = buffer[to + WIDTH] | (bits >> 8)
            to += WIDTH


@micropython.viper
def _stripe(buffer: ptr8, first: int, behind: int, mask: int, how: int):
    for at in range(first, behind):
        if how == _INVERT:
            buffer[at] = buffer[at] ^ mask
        elif how:
            buffer[at] = buffer[at] | mask
        else:
            buffer[at] = buffer[at] & (255 - mask)


class Canvas:
    """Pixels are lit, or put out while `ink` is 0; what lies outside the picture is left out."""

    def __init__(self) -> None:
        self.buffer = bytearray(WIDTH * HEIGHT // 8)
        self.ink = 1

    def clear(self) -> None:
        """Make all dark."""
        _stripe(self.buffer, 0, WIDTH * HEIGHT // 8, 0xFF, 0)

    def pixel(self, x: int, y: int) -> int:
        """Return 1 for a light pixel."""
        return self.buffer[(y >> 3) * WIDTH + x] >> (y & 7) & 1

    def fill(self, x: int, y: int, width: int, height: int) -> None:
        """Ink a rectangle."""
        self._rectangle(x, y, width, height, self.ink)

    def invert(self, x: int, y: int, width: int, height: int) -> None:
        """Exchange light and dark in a rectangle."""
        self._rectangle(x, y, width, height, _INVERT)

    def frame(self, x: int, y: int, width: int, height: int) -> None:
        """Ink a rectangle's edge, one pixel wide."""
        self.fill(x, y, width, 1)
        self.fill(x, y + height - 1, width, 1)
        self.fill(x, y + 1, 1, height - 2)
        self.fill(x + width - 1, y + 1, 1, height - 2)

    def line(self, x: int, y: int, line: Line, font: Font, align: int = LEFT, scale: int = 1) -> int:
        """Write a line with its left end, middle or right end at x and its top at y; return its width."""
        return self._write(x, y, line.data, line.length, font, align, scale)

    def text(self, x: int, y: int, text: bytes, font: Font, align: int = LEFT, scale: int = 1) -> int:
        """Write text as line() does."""
        return self._write(x, y, text, len(text), font, align, scale)

    def _write(self, x: int, y: int, text: "bytes | bytearray", length: int, font: Font, align: int, scale: int) -> int:
        width = max(0, font.width_of(text, length) * scale)
        if align == CENTRE:
            x -= width // 2
        elif align == RIGHT:
            x -= width
        glyphs = font.glyphs
        fits = scale == 1 and self.ink and 0 <= y <= HEIGHT - font.height
        for i in range(length):
            start = font.start_of(text[i])
            advance = font.space
            if start < len(glyphs):
                advance = glyphs[start]
                if fits and x >= 0 and x + advance <= WIDTH:
                    at = (y >> 3) * WIDTH + x
                    _glyph_inside(self.buffer, glyphs, start, at, font.stride, y & 7)  # type: ignore[arg-type]
                else:
                    self._glyph(x, y, font, start, scale)
            x += (advance + font.gap) * scale
        return width

    def _glyph(self, x: int, y: int, font: Font, start: int, scale: int) -> None:
        glyphs = font.glyphs
        at = start + 1
        for column in range(glyphs[start]):
            for part in range(font.stride):
                bits = glyphs[at]
                at += 1
                if bits == 0:
                    continue
                if scale == 1:
                    self._put(x + column, y + 8 * part, bits)
                else:
                    self._put_large(x + column * scale, y + 8 * part * scale, bits, scale)

    def _put_large(self, x: int, y: int, bits: int, scale: int) -> None:
        while bits:
            if bits & 1:
                self.fill(x, y, scale, scale)
            bits >>= 1
            y += scale

    def _put(self, x: int, y: int, bits: int) -> None:
        # Eight pixels of a column, at any height, reach into two pages at most.
        if not 0 <= x < WIDTH or y <= -8 or y >= HEIGHT:
            return
        bits <<= y & 7
        at = (y >> 3) * WIDTH + x
        if at >= 0:
            self._ink(at, bits & 0xFF)
        at += WIDTH
        if bits > 0xFF and at < len(self.buffer):
            self._ink(at, bits >> 8)

    def _ink(self, at: int, bits: int) -> None:
        if self.ink:
            self.buffer[at] |= bits
        else:
            self.buffer[at] &= ~bits

    def _rectangle(self, x: int, y: int, width: int, height: int, how: int) -> None:
        buffer = self.buffer
        left, right = max(x, 0), min(x + width, WIDTH)
        top, bottom = max(y, 0), min(y + height, HEIGHT)
        while top < bottom:
            rows = min(8 - (top & 7), bottom - top)
            mask = ((1 << rows) - 1) << (top & 7)
            base = (top >> 3) * WIDTH
            _stripe(buffer, base + left, base + right, mask, how)
            top += rows
