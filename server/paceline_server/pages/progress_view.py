"""A metric over periods as a picture and as a table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from paceline_server.words import dates, quantities
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

WIDTH, HEIGHT = 600.0, 160.0
BARS = {
    "distance": N_("Distance"),
    "time": N_("Moving time"),
    "duration": N_("Time"),
    "count": N_("Workouts"),
    "ascent": N_("Climb"),
    "calories": N_("Energy of workouts"),
    "volume": N_("Lifted"),
    "load": N_("Training load"),
}
CURVES = {
    "fitness": N_("Fitness"),
    "fatigue": N_("Fatigue"),
    "form": N_("Form"),
    "vo2max": N_("VO2max"),
    "resting_heart_rate": N_("Resting heart rate"),
}
PERIODS = {
    "daily": N_("a day"),
    "weekly": N_("a week"),
    "monthly": N_("a month"),
    "yearly": N_("a year"),
}
Point = tuple[date, float | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars (x, y, width, height, what it says) or a curve, with the values at the upper and the lower end.

    `ground` is where 0 lies, None where that is outside.
    """

    bars: tuple[tuple[float, float, float, float, str], ...]
    path: str
    top: str
    bottom: str
    ground: float | None


def draw_bars(points: Sequence[Point], metric: str, period: str) -> Drawing:
    """Draw sums as bars that stand on 0."""
    most = max((value or 0.0 for _day, value in points), default=0.0) or 1.0
    step = WIDTH / max(1, len(points))
    bars = []
    for place, (day, value) in enumerate(points):
        height = round(HEIGHT * (value or 0.0) / most, 1)
        if height > 0:
            said = f"{period_name(day, period)}: {value_said(value, metric)}"
            bars.append(
                (round(step * (place + 0.12), 1), round(HEIGHT - height, 1), round(step * 0.76, 1), height, said)
            )
    return Drawing(tuple(bars), "", value_said(most, metric), value_said(0.0, metric), HEIGHT)


def draw_curve(points: Sequence[Point], metric: str, low: float, high: float) -> Drawing:
    """Draw values between two ends as a curve, broken where nothing is known; a value alone is a dot."""
    spread = (high - low) or 1.0
    step = WIDTH / max(1, len(points) - 1)
    path, pen = [], "M"
    for place, (_day, value) in enumerate(points):
        if value is None:
            pen = "M"
            continue
        x, y = round(step * place, 1), round(HEIGHT * (1 - (value - low) / spread), 1)
        path.append(f"{pen}{x:g} {y:g}" + ("h0" if pen == "M" else ""))
        pen = "L"
    ground = round(HEIGHT * (1 + low / spread), 1) if low < 0 < high else None
    return Drawing((), "".join(path), value_said(high, metric), value_said(low, metric), ground)


def ends_of(*series: Sequence[Point]) -> tuple[float, float] | None:
    """Return the lowest and the highest value of several series; None where nothing is known."""
    values = [value for points in series for _day, value in points if value is not None]
    return (min(values), max(values)) if values else None


def value_said(value: float | None, metric: str) -> str:
    """Say a value of a metric."""
    if value is None:
        return quantities.DASH
    if metric == "distance":
        return str(quantities.distance(value))
    if metric in ("time", "duration"):
        return quantities.duration(value)
    if metric == "ascent":
        return str(quantities.height(value))
    if metric == "volume":
        return str(quantities.weight(value))
    if metric == "vo2max":
        return quantities.number(value, 1)
    if metric == "form":
        return quantities.signed(value)
    units = {"calories": "kcal", "resting_heart_rate": "bpm"}
    return f"{quantities.number(value)} {units.get(metric, '')}".rstrip()


def period_name(day: date, period: str) -> str:
    """Say a period by its first day."""
    if period == "yearly":
        return str(day.year)
    if period == "monthly":
        return f"{dates.month_name(day.month)} {day.year}"
    if period == "weekly":
        return _("Week of %(day)s", day=dates.short_day(day))
    return dates.short_day(day)
