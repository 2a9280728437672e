"""Rows of the tables of kilometres (or miles) and laps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from paceline_server.activities.fields import rest_s
from paceline_server.activities.model import Split
from paceline_server.activities.recorded import SetDone
from paceline_server.analysis.splits import SPLIT_M, SplitMetrics
from paceline_server.formats.recording import Lap, Length
from paceline_server.words import quantities

NEARLY = 0.995  # a split ends with the first sample past the mark


@dataclass(frozen=True, slots=True)
class SplitRow:
    """A kilometre: its name, rate, heart rate, ascent and descent in words, and the length of its bar in per cent.

    `stretch` is where it lies, as the scripts read it: "1000 2000 m", of laps "60 120 s" since the start.
    """

    name: str
    rate: str
    bar_percent: int
    heart_rate: str
    ascent: str
    descent: str
    fastest: bool
    stretch: str = ""


@dataclass(frozen=True, slots=True)
class LapRow:
    """A lap: its number, when it began, how long it took, and what was measured in it ("" when nothing was)."""

    number: int
    start: str
    duration: str
    stretch: str = ""
    distance: str = ""
    rate: str = ""
    heart_rate: str = ""


def split_rows(splits: Sequence[Split | SplitMetrics], sport: str, split_m: float = SPLIT_M) -> tuple[SplitRow, ...]:
    """Make the rows; the fastest full kilometre (or what `split_m` is) is marked when there are two or more."""
    full_m = NEARLY * split_m
    speeds = [split.distance_m / split.moving_time_s if split.moving_time_s > 0 else None for split in splits]
    known = [speed for speed in speeds if speed is not None]
    full = [
        speed for split, speed in zip(splits, speeds, strict=True) if speed is not None and split.distance_m >= full_m
    ]
    best = max(full) if len(full) > 1 else None
    ends_m = list(accumulate(split.distance_m for split in splits))
    low = min(known, default=0.0)
    high = max(known, default=0.0)
    return tuple(
        SplitRow(
            str(number) if split.distance_m >= full_m else quantities.number(split.distance_m / split_m, 2),
            quantities.rate(speed, sport).value,
            _bar(speed, low, high),
            quantities.whole(split.heart_rate_avg_bpm, "").value,
            quantities.height(split.ascent_m).value,
            quantities.height(split.descent_m).value,
            best is not None and speed == best and split.distance_m >= full_m,
            f"{ends_m[number - 1] - split.distance_m:.0f} {ends_m[number - 1]:.0f} m",
        )
        for number, (split, speed) in enumerate(zip(splits, speeds, strict=True), 1)
    )


def lap_rows(laps: Sequence[Lap], measured: Sequence[SplitMetrics] = (), sport: str = "other") -> tuple[LapRow, ...]:
    """Make the rows of the laps; one lap alone is the whole workout and says nothing."""
    if len(laps) < 2:
        return ()
    known = measured if len(measured) == len(laps) and any(lap.distance_m >= 10 for lap in measured) else ()
    return tuple(
        LapRow(
            number,
            quantities.duration(lap.start_s),
            quantities.duration(lap.end_s - lap.start_s),
            stretch_of(lap.start_s, lap.end_s),
            *(_measured(known[number - 1], sport) if known else ()),
        )
        for number, lap in enumerate(laps, 1)
    )


def length_rows(lengths: Sequence[Length]) -> tuple[tuple[str, ...], ...]:
    """Make rows of number, time, pace on 100 m and strokes."""
    return tuple(
        (
            str(number),
            quantities.duration(length.end_s - length.start_s),
            quantities.duration((length.end_s - length.start_s) * 100 / length.pool_m)
            if length.pool_m
            else quantities.DASH,
            str(length.strokes),
        )
        for number, length in enumerate(lengths, 1)
    )


def set_rows(sets: Sequence[SetDone]) -> tuple[tuple[str, ...], ...]:
    """Make rows of number, exercise, repetitions, load, time and the rest that followed."""
    after = [*(one.start_s for one in sets[1:]), None]
    return tuple(
        (
            str(number),
            one.exercise.replace("_", " "),
            str(one.repetitions) if one.repetitions else quantities.DASH,
            str(quantities.weight(one.load_kg)) if one.load_kg is not None else "",
            quantities.duration(one.end_s - one.start_s if one.end_s is not None and one.start_s is not None else None),
            quantities.duration(rest_s(one, next_s)),
        )
        for number, (one, next_s) in enumerate(zip(sets, after, strict=False), 1)
    )


def stretch_of(start_s: float, end_s: float) -> str:
    """Return a stretch of time as the scripts read it."""
    return f"{start_s:.0f} {end_s:.0f} s"


def _measured(lap: SplitMetrics, sport: str) -> tuple[str, str, str]:
    speed_m_s = lap.distance_m / lap.moving_time_s if lap.moving_time_s > 0 and lap.distance_m >= 10 else None
    heart_rate = quantities.whole(lap.heart_rate_avg_bpm, "").value
    return quantities.distance(lap.distance_m).value, quantities.rate(speed_m_s, sport).value, heart_rate


def _bar(speed: float | None, low: float, high: float) -> int:
    """Length of a bar: the slowest has 35 %, the fastest 100 %."""
    if speed is None:
        return 0
    return round(100 if high <= low else 35 + 65 * (speed - low) / (high - low))
