"""A bitmap font: glyphs of any width, columns from left to right, each of whole bytes with the top in bit 0."""

from array import array

import micropython
from micropython import const

from ..signal.pointers import ptr8, ptr16

_FIRST = const(33)  # printable characters of ASCII
_LAST = const(126)
_NONE = const(0xFFFF)


@micropython.viper
def _width(text: ptr8, length: int, glyphs: ptr8, starts: ptr16, space: int, gap: int) -> int:
    width = 0 - gap
    for i in range(length):
        code = text[i]
        start = _NONE
        if code >= _FIRST and code <= _LAST:
            start = starts[code - _FIRST]
        width += gap
        if start == _NONE:
            width += space
        else:
            width += glyphs[start]
    return width


class Font:
    """`height` in pixels, `stride` bytes a column, `gap` between glyphs, `space` the width of a blank."""

    def __init__(self, height: int, gap: int, space: int, characters: bytes, glyphs: bytes) -> None:
        """Take the glyphs in the order of `characters`, each its width in one byte, then its columns."""
        self.height = height
        self.stride = (height + 7) // 8
        self.gap = gap
        self.space = space
        self.glyphs = glyphs
        self._starts = array("H", [_NONE] * (_LAST - _FIRST + 1))
        start = 0
        for code in characters:
            self._starts[code - _FIRST] = start
            start += 1 + glyphs[start] * self.stride

    def start_of(self, code: int) -> int:
        """Return where a character's width lies in `glyphs`, or 65535 when the font does not have it."""
        return self._starts[code - _FIRST] if _FIRST <= code <= _LAST else _NONE

    def width_of(self, text: "bytes | bytearray", length: int) -> int:
        """Return the width of so many characters with their gaps; one that the font does not have is a blank."""
        return _width(text, length, self.glyphs, self._starts, self.space, self.gap)  # type: ignore[arg-type]
