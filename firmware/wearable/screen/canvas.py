"""A picture of 128 × 64 pixels in the display's own order, drawn without taking anything from the heap.

Byte `page * 128 + column` holds eight pixels of a column, the uppermost in bit 0 (SSD1306 datasheet, 8.7).
"""

from .font import Font
from .line import Line

WIDTH = 128
HEIGHT = 64

LEFT, CENTRE, RIGHT = 0, 1, 2

_DARK = bytes(WIDTH * HEIGHT // 8)


class Canvas:
    """Pixels are lit, or put out while `ink` is 0; what lies outside the picture is left out."""

    def __init__(self) -> None:
        self.buffer = bytearray(WIDTH * HEIGHT // 8)
        self.ink = 1

    def clear(self) -> None:
        """Make all dark."""
        self.buffer[:] = _DARK

    def pixel(self, x: int, y: int) -> int:
        """Return 1 for a light pixel."""
        return self.buffer[(y >> 3) * WIDTH + x] >> (y & 7) & 1

    def fill(self, x: int, y: int, width: int, height: int) -> None:
        """Ink a rectangle."""
        self._rectangle(x, y, width, height, False)

    def invert(self, x: int, y: int, width: int, height: int) -> None:
        """Exchange light and dark in a rectangle."""
        self._rectangle(x, y, width, height, True)

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
        width = 0
        for i in range(length):
            width += (font.width_of(text[i]) + font.gap) * scale
        width = max(0, width - font.gap * scale)
        if align == CENTRE:
            x -= width // 2
        elif align == RIGHT:
            x -= width
        for i in range(length):
            start = font.start_of(text[i])
            if start < len(font.glyphs):
                inside = x >= 0 and x + font.glyphs[start] <= WIDTH and 0 <= y <= HEIGHT - font.height
                if inside and scale == 1 and self.ink:
                    self._glyph_inside(x, y, font, start)
                else:
                    self._glyph(x, y, font, start, scale)
            x += (font.width_of(text[i]) + font.gap) * scale
        return width

    def _glyph_inside(self, x: int, y: int, font: Font, start: int) -> None:
        # What _glyph() does, for the usual case and in a quarter of its time.
        buffer, glyphs, parts = self.buffer, font.glyphs, font.stride
        shift = y & 7
        at = start + 1
        first = (y >> 3) * WIDTH + x
        for column in range(first, first + glyphs[start]):
            to = column
            for _ in range(parts):
                bits = glyphs[at]
                at += 1
                if bits:
                    bits <<= shift
                    buffer[to] |= bits & 0xFF
                    if bits > 0xFF:
                        buffer[to + WIDTH] |= bits >> 8
                to += WIDTH

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

    def _rectangle(self, x: int, y: int, width: int, height: int, inverts: bool) -> None:
        buffer = self.buffer
        left, right = max(x, 0), min(x + width, WIDTH)
        top, bottom = max(y, 0), min(y + height, HEIGHT)
        while top < bottom:
            rows = min(8 - (top & 7), bottom - top)
            mask = ((1 << rows) - 1) << (top & 7)
            base = (top >> 3) * WIDTH
            for at in range(base + left, base + right):
                if inverts:
                    buffer[at] ^= mask
                elif self.ink:
                    buffer[at] |= mask
                else:
                    buffer[at] &= ~mask
            top += rows
