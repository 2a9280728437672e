"""The view of a notice; apart, because many a wearable never has one."""

from .canvas import RIGHT, WIDTH, Canvas
from .fonts import TEXT
from .layout import line, title
from .snapshot import Snapshot

_TOP, _LINE_HEIGHT, _LINES = 12, 9, 5
_LEFT = 2
_SPACE = 32


def notice(canvas: Canvas, model: Snapshot) -> None:
    """A title and up to five lines, broken between words where that is possible."""
    told = model.notice
    if told is None:
        return
    title(canvas, told.title)
    text = told.text
    at, y = 0, _TOP
    for _ in range(_LINES):
        end = _line_end(text, at)
        line.clear()
        for i in range(at, end):
            line.code(text[i])
        canvas.line(_LEFT, y, line, TEXT)
        y += _LINE_HEIGHT
        at = end
        while at < len(text) and text[at] == _SPACE:
            at += 1
    canvas.text(WIDTH - 2, 56, b"LAP: seen", TEXT, RIGHT)


def _line_end(text: bytes, at: int) -> int:
    line.clear()
    word = 0  # where the last word that fits ends
    for i in range(at, len(text)):
        if text[i] == _SPACE:
            word = i
        line.code(text[i])
        if line.length >= len(line.data) or TEXT.width_of(line.data, line.length) > WIDTH - 2 * _LEFT:
            return word if word > at else i
    return len(text)
