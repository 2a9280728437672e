"""What a route can be coloured by: classes of pace, heart rate or slope, with what stands beside their colours. Pure.

The classes are a ramp of the tokens (server/web/src/tokens.css) whose lightness only falls, or only rises, so that
neither a weak eye for colours nor a print in grey mixes them up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paceline_server.words import quantities
from paceline_server.words.speech import gettext as _

Values = Sequence[float | None]

SHADES = 7
PLAIN = "plain"
GRADE_PERCENT = (-8.0, -4.0, -1.5, 1.5, 4.0, 8.0)
_FEWEST = 2
_LEAST_SPREAD = {"speed_m_s": 0.35, "heart_rate_bpm": 14.0}
_STANDING_M_S = 0.5


@dataclass(frozen=True, slots=True)
class Shading:
    """One way to colour: `bounds` part the values of a column into SHADES classes, `labels` tell low, middle and high.

    `key` is what the address says, `column` the one of the streams that is looked at.
    """

    key: str
    name: str
    column: str
    bounds: tuple[float, ...]
    labels: tuple[str, str, str]

    def shade(self, value: float | None) -> int | None:
        """Return the class of a value, 0 the lowest; None for what is not known."""
        return None if value is None else sum(value >= bound for bound in self.bounds)


def shadings(columns: Mapping[str, Values], sport: str) -> tuple[Shading, ...]:
    """Return the ways that there are values for: pace (or speed), heart rate, slope."""
    speeds = [value for value in columns.get("speed_m_s", ()) if value is not None and value >= _STANDING_M_S]
    hearts = [value for value in columns.get("heart_rate_bpm", ()) if value is not None]
    grades = [value for value in columns.get("grade_percent", ()) if value is not None]
    found = []
    if len(speeds) >= _FEWEST:
        bounds = _even(speeds, "speed_m_s")
        low, middle, high = (quantities.rate(bounds[place], sport) for place in (0, SHADES // 2, -1))
        labels = (low.value, middle.value, str(high))
        found.append(Shading("pace", quantities.rate_name(sport), "speed_m_s", bounds, labels))
    if len(hearts) >= _FEWEST:
        bounds = _even(hearts, "heart_rate_bpm")
        low, middle, high = (quantities.whole(bounds[place], "bpm") for place in (0, SHADES // 2, -1))
        found.append(Shading("heart", _("Heart rate"), "heart_rate_bpm", bounds, (low.value, middle.value, str(high))))
    if len(grades) >= _FEWEST:
        labels = (f"−{-GRADE_PERCENT[0]:g} %", _("level"), f"+{GRADE_PERCENT[-1]:g} %")
        found.append(Shading("grade", _("Slope"), "grade_percent", GRADE_PERCENT, labels))
    return tuple(found)


def chosen_of(asked: str, found: Sequence[Shading]) -> Shading | None:
    """Return the way that the address asks for, the first where it says nothing of use; None: one colour."""
    if asked == PLAIN or not found:
        return None
    return next((one for one in found if one.key == asked), found[0])


def _even(values: Sequence[float], column: str) -> tuple[float, ...]:
    """Bounds in even steps over the middle 90 %, which is made wider where all are nearly the same."""
    ordered = sorted(values)
    low, high = (ordered[round(part * (len(ordered) - 1))] for part in (0.05, 0.95))
    spread = max(high - low, _LEAST_SPREAD[column])
    first = (low + high - spread) / 2
    return tuple(round(first + spread * number / (SHADES - 2), 2) for number in range(SHADES - 1))
