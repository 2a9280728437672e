"""What a file says of days: values of whole days, counts from one moment to another, sleeps (docs/DAILY.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

COUNTED_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "steps": (0, 200_000),
        "kilocalories": (0, 20_000),
        "active_minutes": (0, 1860),
        "sleep_minutes": (0, 1860),
        "floors": (0, 5000),
        "ascent_m": (0, 20_000),
        "distance_m": (0, 1_000_000),
    }
)
LATEST_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"resting_heart_rate_bpm": (25, 120), "weight_kg": (20, 400)}
)
DAY_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType({**COUNTED_BOUNDS, **LATEST_BOUNDS})
"""The metrics that files say, and the lowest and highest value of a day."""

STAGES = ("asleep", "awake", "light", "deep", "rem", "in_bed")
LONGEST_S = 86_400
QUARTER_S = 900
MOST_STAGES = 500
MOST_SOURCE = 64  # characters of a source's name
EARLIEST_UTC_S = 631_152_000  # 1990
LATEST_UTC_S = 7_258_118_400  # 2200


class DayFigure(NamedTuple):
    """A value of a whole day, "2026-05-04"; `stamp_s` (Unix seconds) is when the source knew it."""

    metric: str
    day: str
    value: float
    stamp_s: int

    @classmethod
    def of_whole_day(cls, metric: str, day: str, value: float) -> "DayFigure":
        """Return one that holds from the end of its day (a date, of UTC) on: said again, it says the same."""
        ends = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
        return cls(metric, day, value, int(ends.timestamp()))


class SpanFigure(NamedTuple):
    """What was counted from one Unix second to another, at most 24 h later."""

    metric: str
    start_s: int
    end_s: int
    value: float
    stamp_s: int


class SleepSpan(NamedTuple):
    """A night or a nap; `stages` are (from, to, one of STAGES) in seconds since `start_s`, in order and apart."""

    sleep_id: str
    start_s: int
    end_s: int
    stages: tuple[tuple[int, int, str], ...]
    stamp_s: int


@dataclass(frozen=True, slots=True)
class DaysSaid:
    """What one source (a device, or a platform that names none) says; all within the bounds of this file."""

    source: str
    values: tuple[DayFigure, ...] = ()
    counts: tuple[SpanFigure, ...] = ()
    sleeps: tuple[SleepSpan, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.values or self.counts or self.sleeps)


@dataclass(slots=True)
class DaysTaken:
    """Collects what a source says, leaving out what no day can have; `left_out` counts that."""

    source: str
    left_out: int = 0
    _values: list[DayFigure] = field(default_factory=list)
    _counts: list[SpanFigure] = field(default_factory=list)
    _sleeps: list[SleepSpan] = field(default_factory=list)

    def add(self, one: DayFigure | SpanFigure | SleepSpan) -> None:
        """Take a figure or a sleep."""
        if isinstance(one, DayFigure):
            ok = _within(one.metric, one.value, DAY_BOUNDS) and is_day(one.day) and _is_moment(one.stamp_s)
            taken: list[DayFigure] | list[SpanFigure] | list[SleepSpan] = self._values
        elif isinstance(one, SpanFigure):
            ok = _within(one.metric, one.value, COUNTED_BOUNDS) and _is_span(one.start_s, one.end_s)
            taken = self._counts
        else:
            ok = bool(one.sleep_id) and _is_span(one.start_s, one.end_s) and _in_order(one)
            taken = self._sleeps
        if ok:
            taken.append(one)  # pyright: ignore[reportArgumentType] (each to its own list)
        else:
            self.left_out += 1

    def said(self) -> DaysSaid:
        """Return it, in order."""
        name = source_name(self.source)
        return DaysSaid(name, tuple(sorted(self._values)), tuple(sorted(self._counts)), tuple(sorted(self._sleeps)))


def source_name(text: str) -> str:
    """Return a name that a source may have: 1 to 64 characters that print."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain[:MOST_SOURCE].strip() or "import"


def is_day(text: str) -> bool:
    """Tell whether it is a date such as 2026-05-04, from 1990 to 2200."""
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isascii() and part.isdigit() for part in parts):
        return False
    year, month, day = map(int, parts)
    return 1990 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= _days_in(year, month)


def _days_in(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _within(metric: str, value: float, bounds: Mapping[str, tuple[float, float]]) -> bool:
    low, high = bounds.get(metric, (1, 0))
    return low <= value <= high  # false of NaN


def _is_moment(utc_s: float) -> bool:
    return EARLIEST_UTC_S <= utc_s <= LATEST_UTC_S


def _is_span(start_s: int, end_s: int) -> bool:
    return _is_moment(start_s) and 0 < end_s - start_s <= LONGEST_S


def _in_order(sleep: SleepSpan) -> bool:
    at = 0
    for begin, end, stage in sleep.stages:
        if begin < at or end <= begin or stage not in STAGES:
            return False
        at = end
    return at <= sleep.end_s - sleep.start_s and len(sleep.stages) <= MOST_STAGES
