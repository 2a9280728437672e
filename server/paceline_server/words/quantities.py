"""Numbers as people read them, in the reader's language and units.

The same rules as server/web/src/format.ts; both are held to format_vectors.json.
"""

from dataclasses import dataclass

from paceline_server.analysis.best_efforts import MILE_M
from paceline_server.words.reader import reader
from paceline_server.words.speech import N_, ngettext
from paceline_server.words.speech import gettext as _

DASH = "–"
BY_SPEED = frozenset({"cycling", "other", "indoor"})
_NAMES = {MILE_M / 2: N_("½ mile"), MILE_M: N_("1 mile"), 21_097.5: N_("Half marathon"), 42_195.0: N_("Marathon")}

# What is told in a unit of its own: its name, and how many of the SI's (m, kg, m/s) it is.
_UNITS = {
    "metric": {
        "distance": ("km", 1000.0),
        "height": ("m", 1.0),
        "body": ("cm", 0.01),
        "weight": ("kg", 1.0),
        "speed": ("km/h", 1 / 3.6),
        "pace": ("/km", 1000.0),
        "pool": ("/100 m", 100.0),
    },
    "imperial": {
        "distance": ("mi", MILE_M),
        "height": ("ft", 0.3048),
        "body": ("in", 0.0254),
        "weight": ("lb", 0.45359237),
        "speed": ("mph", 0.44704),
        "pace": ("/mi", MILE_M),
        "pool": ("/100 yd", 91.44),
    },
}
# Language → between whole and decimals, between thousands.
_MARKS = {"de": {".": ",", ",": "."}}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in words, and its unit."""

    value: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit}" if self.unit else self.value


@dataclass(frozen=True, slots=True)
class Number:
    """A number with so many decimals, said only when it is read; a figure of a Said."""

    value: float
    decimals: int = 0

    def __str__(self) -> str:
        return number(self.value, self.decimals)


def unit(kind: str) -> str:
    """Return the name of the reader's unit of a kind: distance, height, body, weight, speed, pace or pool."""
    return _UNITS[reader().units][kind][0]


def unit_si(kind: str) -> float:
    """Return how many metres, kilograms or metres per second the reader's unit of a kind is."""
    return _UNITS[reader().units][kind][1]


def number(value: float, decimals: int = 0) -> str:
    """Say a number with so many decimals, with thousands set apart."""
    return marked(f"{value:,.{decimals}f}")


def entered(value: float, decimals: int = 2) -> str:
    """Return a number as people enter it: no thousands set apart, no more decimals than it has."""
    text = f"{value:.{decimals}f}"
    return marked(text.rstrip("0").rstrip(".") if "." in text else text)


def signed(value: float, decimals: int = 0) -> str:
    """Say a number with its sign."""
    return marked(f"{value:+.{decimals}f}").replace("-", "−")


def step(metres: float) -> Quantity:
    """Metres of a step as metres, or as feet."""
    name, size = _UNITS[reader().units]["height"]
    return Quantity(number(metres / size, 2), name)


def distance(metres: float | None) -> Quantity:
    """Metres as kilometres or miles: two decimals below 100 of them, one above, thousands set apart."""
    name, size = _UNITS[reader().units]["distance"]
    if metres is None:
        return Quantity(DASH, name)
    far = metres / size
    return Quantity(marked(f"{far:,.{2 if far < 99.995 else 1}f}"), name)


def height(metres: float | None) -> Quantity:
    """Metres up or down as whole metres or feet."""
    name, size = _UNITS[reader().units]["height"]
    return whole(None if metres is None else metres / size, name)


def weight(kilograms: float | None) -> Quantity:
    """Kilograms as kilograms or pounds, with one decimal where there is one."""
    name, size = _UNITS[reader().units]["weight"]
    return Quantity(DASH if kilograms is None else amount(kilograms / size), name)


def duration(seconds: float | None) -> str:
    """Seconds as m:ss or h:mm:ss, cut, not rounded."""
    if seconds is None:
        return DASH
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def by_speed(sport: str) -> bool:
    """Say whether a sport's rate is a speed; else it is a pace."""
    return sport in BY_SPEED


def rate_name(sport: str) -> str:
    """Return the word over a rate in this sport: "Pace" or "Speed"."""
    return _("Speed") if sport in BY_SPEED else _("Pace")


def rate_kind(sport: str) -> str:
    """Return in which kind of unit a sport's rate is told."""
    return "speed" if sport in BY_SPEED else "pool" if sport == "swimming" else "pace"


def rate(speed_m_s: float | None, sport: str) -> Quantity:
    """Speed as the sport tells it: 4:51 /km, 1:52 /100 m or 28.4 km/h; below 0.3 m/s a pace is a dash."""
    kind = rate_kind(sport)
    name, size = _UNITS[reader().units][kind]
    if kind == "speed":
        return Quantity(DASH if speed_m_s is None else marked(f"{speed_m_s / size:.1f}"), name)
    if speed_m_s is None or speed_m_s < 0.3:
        return Quantity(DASH, name)
    return Quantity(duration(int(size / speed_m_s + 0.5)), name)


def count(value: float) -> str:
    """A whole number with thousands set apart."""
    return marked(f"{int(value + 0.5):,}")


def whole(value: float | None, unit: str) -> Quantity:
    """A whole number with its unit, or a dash."""
    return Quantity(DASH if value is None else count(value), unit)


def amount(value: float) -> str:
    """Say a number with one decimal where it has one, and with thousands."""
    rounded = round(value, 1)
    return number(rounded, 0 if rounded == int(rounded) else 1)


def distance_name(metres: float, sport: str) -> str:
    """Return what people call a distance: ½ mile, 5 km, Half marathon; metres in the pool."""
    if metres in _NAMES:
        return _(_NAMES[metres])
    miles = metres / MILE_M
    if miles == round(miles):
        return _("%(n)s miles", n=f"{miles:.0f}")
    return f"{metres:.0f} m" if metres < 1000 or sport == "swimming" else f"{metres / 1000:.0f} km"


def value_name(value: float, unit: str) -> str:
    """Say a value with its unit as people do: kilometres from 10,000 m on, hours, days in a row."""
    if unit == "m":
        name, size = _UNITS[reader().units]["distance" if value >= 10_000 else "height"]
        return f"{amount(value / size)} {name}"
    if unit == "s":
        return f"{amount(value / 3600)} h"
    if unit == "kg":
        return str(weight(value))
    n, said = round(value), amount(value)
    if unit == "days":
        return ngettext("%(said)s day", "%(said)s days", n, said=said)
    if unit == "weeks":
        return ngettext("%(said)s week", "%(said)s weeks", n, said=said)
    return ngettext("%(said)s workout", "%(said)s workouts", n, said=said)


def marked(text: str) -> str:
    """Return a number written in English with the marks of the reader's language."""
    marks = _MARKS.get(reader().language)
    return text if marks is None else text.translate(str.maketrans(marks))
