"""The pieces that views are put together from."""

from .canvas import CENTRE, RIGHT, WIDTH, Canvas
from .font import Font
from .fonts import FIGURES_16, TEXT
from .line import Line
from .snapshot import ALONE, TRUSTED, Snapshot

SPORT_NAMES = (b"Other", b"Run", b"Walk", b"Hike", b"Ride", b"Swim", b"Strength", b"Indoor")  # as in SPORTS

TITLE_HEIGHT = 9
CYCLING = 4
_BATTERY_WIDTH, _BATTERY_HEIGHT = 15, 7
_LEVELS = 11  # columns of a full battery

_LOWEST_LABEL_Y = 56

line = Line()  # for the figure that is being drawn: views draw one after the other


def sport_name(sport: int) -> bytes:
    """Return the name of a sport's number."""
    return SPORT_NAMES[sport] if sport < len(SPORT_NAMES) else SPORT_NAMES[0]


def title(canvas: Canvas, text: bytes, more: "Line | None" = None) -> None:
    """Head a view with a light bar, text at its left and right."""
    canvas.fill(0, 0, WIDTH, TITLE_HEIGHT)
    canvas.ink = 0
    canvas.text(3, 1, text, TEXT)
    if more:
        canvas.line(WIDTH - 3, 1, more, TEXT, RIGHT)
    canvas.ink = 1


def battery(canvas: Canvas, x: int, y: int, percent: int) -> None:
    """Draw the battery, 15 × 7 pixels; nothing when the charge is not known."""
    if percent < 0:
        return
    canvas.frame(x, y, _BATTERY_WIDTH - 1, _BATTERY_HEIGHT)
    canvas.fill(x + _BATTERY_WIDTH - 1, y + 2, 1, 3)
    canvas.fill(x + 2, y + 2, (percent * (_LEVELS - 1) + 50) // 100, 3)


def link_mark(canvas: Canvas, x: int, y: int, link: int) -> None:
    """Draw two arrows that meet: full for a trusted gateway, a dotted line for anybody else, nothing for nobody."""
    if link == ALONE:
        return
    for i in range(5):
        if link == TRUSTED or i % 2 == 0:
            canvas.fill(x + 2 + i, y + 3, 1, 1)
    for i in range(3):
        canvas.fill(x + i, y + 3 - i, 1, 1 + 2 * i)
        canvas.fill(x + 8 - i, y + 3 - i, 1, 1 + 2 * i)


def cells(canvas: Canvas, y: int) -> None:
    """Draw the cross lines of two cells that begin at y."""
    canvas.fill(0, y, WIDTH, 1)
    canvas.fill(WIDTH // 2 - 1, y + 3, 1, 64 - y - 3)


def cell(canvas: Canvas, column: int, y: int, label: bytes, font: Font = FIGURES_16) -> None:
    """Write the line that is put together into the left (0) or right (1) cell, its label below."""
    x = WIDTH // 4 - 1 + column * (WIDTH // 2 + 1)
    canvas.line(x, y, line, font, CENTRE)
    canvas.text(x, min(y + font.height + 4, _LOWEST_LABEL_Y), label, TEXT, CENTRE)


def pace(speed_cm_s: int) -> Line:
    """Put together minutes and seconds for a kilometre; dashes for who stands or crawls."""
    line.clear()
    if speed_cm_s < 50:
        return line.put(b"-:--")
    return line.duration(100_000 // speed_cm_s)


def pace_or_speed(sport: int, speed_cm_s: int) -> bytes:
    """Put together pace, or speed for who rides, and return its label."""
    if sport == CYCLING:
        line.clear().tenths(speed_cm_s * 36 // 100)
        return b"km/h"
    pace(speed_cm_s)
    return b"min/km"


def speed_of(distance_m: int, seconds: int) -> int:
    """Return the mean speed in cm/s, 0 without time."""
    return distance_m * 100 // seconds if seconds else 0


def status(canvas: Canvas, model: Snapshot) -> None:
    """Draw charge and link in the upper right corner."""
    battery(canvas, WIDTH - _BATTERY_WIDTH, 0, model.battery_percent)
    link_mark(canvas, WIDTH - _BATTERY_WIDTH - 14, 0, model.link)


def right(canvas: Canvas, y: int) -> None:
    """Write the line that is put together at the right edge."""
    canvas.line(WIDTH - 3, y, line, TEXT, RIGHT)
