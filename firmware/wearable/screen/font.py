"""A bitmap font: glyphs of any width, columns from left to right, each of whole bytes with the top in bit 0."""

from array import array

_FIRST, _LAST = 33, 126  # printable characters of ASCII


class Font:
    """`height` in pixels, `stride` bytes a column, `gap` between glyphs, `space` the width of a blank."""

    def __init__(self, height: int, gap: int, space: int, characters: bytes, glyphs: bytes) -> None:
        """Take the glyphs in the order of `characters`, each its width in one byte, then its columns."""
        self.height = height
        self.stride = (height + 7) // 8
        self.gap = gap
        self.space = space
        self.glyphs = glyphs
        self._starts = array("H", [len(glyphs)] * (_LAST - _FIRST + 1))
        start = 0
        for code in characters:
            self._starts[code - _FIRST] = start
            start += 1 + glyphs[start] * self.stride

    def start_of(self, code: int) -> int:
        """Return where a character's width lies in `glyphs`, or their length when the font does not have it."""
        return self._starts[code - _FIRST] if _FIRST <= code <= _LAST else len(self.glyphs)

    def width_of(self, code: int) -> int:
        """Return a character's width; one that the font does not have is a blank."""
        start = self.start_of(code)
        return self.glyphs[start] if start < len(self.glyphs) else self.space
