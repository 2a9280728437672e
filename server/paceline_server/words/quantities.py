"""Numbers as people read them. The same rules as server/web/src/format.ts; both are held to format_vectors.json."""

from dataclasses import dataclass

from paceline_server.analysis.best_efforts import MILE_M

DASH = "–"
BY_SPEED = frozenset({"cycling", "other", "indoor"})
_NAMES = {MILE_M / 2: "½ mile", MILE_M: "1 mile", 21_097.5: "Half marathon", 42_195.0: "Marathon"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in words, and its unit."""

    value: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit}" if self.unit else self.value


def distance(metres: float | None) -> Quantity:
    """Metres as kilometres: two decimals below 100 km, one above."""
    if metres is None:
        return Quantity(DASH, "km")
    return Quantity(f"{metres / 1000:.{2 if metres < 99_995 else 1}f}", "km")


def duration(seconds: float | None) -> str:
    """Seconds as m:ss or h:mm:ss, cut, not rounded."""
    if seconds is None:
        return DASH
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def rate_name(sport: str) -> str:
    """Return the word over a rate in this sport: "Pace" or "Speed"."""
    return "Speed" if sport in BY_SPEED else "Pace"


def rate(speed_m_s: float | None, sport: str) -> Quantity:
    """Speed as the sport tells it: 4:51 /km, 1:52 /100 m or 28.4 km/h; below 0.3 m/s a pace is a dash."""
    if sport in BY_SPEED:
        return Quantity(DASH if speed_m_s is None else f"{speed_m_s * 3.6:.1f}", "km/h")
    per, unit = (100, "/100 m") if sport == "swimming" else (1000, "/km")
    if speed_m_s is None or speed_m_s < 0.3:
        return Quantity(DASH, unit)
    return Quantity(duration(int(per / speed_m_s + 0.5)), unit)


def count(value: float) -> str:
    """A whole number with thousands separated by commas."""
    return f"{int(value + 0.5):,}"


def whole(value: float | None, unit: str) -> Quantity:
    """A whole number with its unit, or a dash."""
    return Quantity(DASH if value is None else count(value), unit)


def amount(value: float) -> str:
    """Say a number with one decimal where it has one, and with thousands."""
    rounded = round(value, 1)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def distance_name(metres: float, sport: str) -> str:
    """Return what people call a distance: ½ mile, 5 km, Half marathon; metres in the pool."""
    if metres in _NAMES:
        return _NAMES[metres]
    miles = metres / MILE_M
    if miles == round(miles):
        return f"{miles:.0f} miles"
    return f"{metres:.0f} m" if metres < 1000 or sport == "swimming" else f"{metres / 1000:.0f} km"


def value_name(value: float, unit: str) -> str:
    """Say a value with its unit as people do: kilometres from 1,000 m on, hours, days in a row."""
    if unit == "m":
        return f"{amount(value / 1000)} km" if value >= 10_000 else f"{amount(value)} m"
    if unit == "s":
        return f"{amount(value / 3600)} h"
    if unit == "kg":
        return f"{amount(value)} kg"
    if unit in ("days", "weeks"):
        return f"{amount(value)} {unit if value != 1 else unit[:-1]}"
    return f"{amount(value)} workout{'' if value == 1 else 's'}"
