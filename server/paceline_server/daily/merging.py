"""From what all sources say to days: the rule of docs/DAILY.md; pure.

What adds up is merged over time (analysis/merged_counts.py) in the order of belief; of the rest one source is believed.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from paceline_server.analysis.merged_counts import Count, apart, merged_total
from paceline_server.daily.given import DayValue, SpanCount
from paceline_server.daily.local_days import LocalDays
from paceline_server.daily.model import (
    ASLEEP,
    CUMULATIVE,
    LATEST,
    METRICS,
    OWNER_SLOT,
    RECORDED,
    RESTING,
    SLEPT,
    WEARABLE,
    Day,
    DayRecord,
    Sleep,
)

FRACTIONS = {"ascent_m": 1, "distance_m": 1, "weight_kg": 2}  # digits behind the point; 0 for the others


@dataclass(frozen=True, slots=True)
class Readings:
    """What all sources say of a range of days; `order` are the sources that the user believes first."""

    local: LocalDays
    order: tuple[str, ...] = ()
    records: Sequence[tuple[str, Sequence[DayRecord]]] = ()
    counts: Sequence[tuple[str, Sequence[SpanCount]]] = ()
    values: Sequence[DayValue] = ()
    sleeps: Sequence[Sleep] = ()


@dataclass(slots=True)
class _Said:
    """What one source says of one day."""

    records: list[DayRecord] = field(default_factory=list)
    counts: defaultdict[str, list[Count]] = field(default_factory=lambda: defaultdict(list))
    totals: dict[str, float] = field(default_factory=dict)
    latest: dict[str, tuple[int, float]] = field(default_factory=dict)  # by metric: time stamp, value
    sleeps: list[Sleep] = field(default_factory=list)


_Days = defaultdict[int, defaultdict[str, _Said]]
_Place = Callable[[float], int | None]


def days_of(readings: Readings, first: date, last: date) -> list[Day]:
    """Return the days from the first to the last of which something is known."""
    dates = [first + timedelta(days=n) for n in range((last - first).days + 2)]
    starts = [readings.local.start_s(day) for day in dates]
    said: _Days = defaultdict(lambda: defaultdict(_Said))

    def place(end_s: float) -> int | None:
        # A count belongs to the day in which it ends; midnight still to the day before.
        found = bisect_right(starts, end_s - 1) - 1
        return found if 0 <= found < len(dates) - 1 else None

    _take_records(readings.records, said, place)
    _take_counts(readings, said, place)
    numbers = {day.isoformat(): n for n, day in enumerate(dates[:-1])}
    for one in readings.values:
        if one.value is not None and one.day in numbers:
            mine = said[numbers[one.day]][one.source]
            if one.metric in LATEST:
                mine.latest[one.metric] = one.stamp_ms, one.value
            else:
                mine.totals[one.metric] = one.value
    return [_day(dates[n].isoformat(), (starts[n], starts[n + 1]), said[n], readings.order) for n in sorted(said)]


def believed(said: Iterable[tuple[str, int, float]], order: Sequence[str]) -> float | None:
    """Return the value that holds of (source, time stamp, value); None when nobody said anything.

    It is that of the source which the user believes first, else of the one that spoke last.
    """
    ranked = [(-_rank(source, order), stamp, source, value) for source, stamp, value in said]
    return max(ranked)[3] if ranked else None


def _take_records(records: Iterable[tuple[str, Sequence[DayRecord]]], said: _Days, place: _Place) -> None:
    for source, of_source in records:
        for record in of_source:
            at = place(record.utc_s) if record.user == OWNER_SLOT else None
            if at is None:
                continue
            mine = said[at][source]
            mine.records.append(record)
            if record.resting_heart_rate_bpm:
                stamp_ms, lowest = mine.latest.get(RESTING, (0, math.inf))
                stamp_ms = max(stamp_ms, 1000 * record.utc_s)
                mine.latest[RESTING] = stamp_ms, min(lowest, record.resting_heart_rate_bpm)


def _take_counts(readings: Readings, said: _Days, place: _Place) -> None:
    for source, counts in readings.counts:
        for one in counts:
            at = place(one.end_s)
            if at is not None and one.value is not None:
                said[at][source].counts[one.metric].append(Count(one.start_s, one.end_s, one.value))
    for sleep in sorted(readings.sleeps, key=lambda one: (-one.stamp_ms, one.start_utc_s, one.sleep_id)):
        at = place(sleep.end_utc_s)
        if at is not None:
            said[at][sleep.source].sleeps.append(sleep)
            said[at][sleep.source].counts[ASLEEP] += _asleep(sleep)


def _asleep(sleep: Sleep) -> list[Count]:
    # Where the wearer lay awake the source counted, too: nothing.
    whole = ((0, sleep.end_utc_s - sleep.start_utc_s, SLEPT[0]),)
    return [
        Count(sleep.start_utc_s + start, sleep.start_utc_s + end, (end - start) / 60 if stage in SLEPT else 0.0)
        for start, end, stage in sleep.stages or whole
    ]


def _day(day: str, span: tuple[int, int], by_source: Mapping[str, _Said], order: Sequence[str]) -> Day:
    for mine in by_source.values():
        for metric, counts in mine.counts.items():
            mine.counts[metric] = apart(counts)
        for metric, column in zip(RECORDED, _columns(mine.records), strict=False):
            # A wearable counts everything once. Where it is alone, its records need not be laid out in time.
            if len(by_source) == 1:
                mine.totals[metric] = sum(column)
            else:
                mine.counts[metric] = _laid_out(mine.records, column)
    values = {metric: _merged(metric, span, by_source, order) for metric in CUMULATIVE}
    for metric in LATEST:
        spoke = [(source, *mine.latest[metric]) for source, mine in by_source.items() if metric in mine.latest]
        values[metric] = believed(spoke, order)
    sleeps = tuple(sorted((one for mine in by_source.values() for one in mine.sleeps), key=_bedtime))
    if len(by_source) == 1:
        known = _known(values)
        return Day(day, known, {source: dict(known) for source in by_source}, sleeps)
    alone = {
        source: {metric: _merged(metric, span, {source: mine}, order) for metric in CUMULATIVE}
        | {metric: value for metric, (_, value) in mine.latest.items()}
        for source, mine in sorted(by_source.items())
    }
    return Day(day, _known(values), {source: _known(each) for source, each in alone.items()}, sleeps)


def _columns(records: Sequence[DayRecord]) -> list[tuple[int, ...]]:
    """Return the records' columns in the order of RECORDED."""
    if not records:
        return []
    columns = dict(zip(DayRecord._fields, zip(*records, strict=True), strict=True))
    return [columns[metric] for metric in RECORDED]


def _laid_out(records: Sequence[DayRecord], column: Sequence[int]) -> list[Count]:
    return [
        Count(record.utc_s - 60 * max(record.minutes, 1), record.utc_s, value)
        for record, value in zip(records, column, strict=True)
    ]


def _merged(metric: str, span: tuple[int, int], by_source: Mapping[str, _Said], order: Sequence[str]) -> float | None:
    layers = []
    for source, mine in by_source.items():
        rank = _rank(source, order)
        counts = mine.counts.get(metric)
        if counts:
            covered_s = sum(one.end_s - one.start_s for one in counts)
            is_ours = source.startswith(WEARABLE)
            layers.append(((rank, 0, not is_ours, -covered_s, source), counts))
        if metric in mine.totals:
            layers.append(((rank, 1, False, -mine.totals[metric], source), [Count(*span, mine.totals[metric])]))
    if not layers:
        return None
    if len(layers) == 1:  # no rounding of what is spread and summed again
        return sum(one.value for one in layers[0][1])
    return merged_total([counts for _, counts in sorted(layers)])


def _rank(source: str, order: Sequence[str]) -> int:
    return order.index(source) if source in order else len(order)


def _known(values: Mapping[str, float | None]) -> dict[str, float]:
    found = ((metric, values.get(metric)) for metric in METRICS)
    return {metric: _rounded(metric, value) for metric, value in found if value is not None}


def _rounded(metric: str, value: float) -> float:
    scale = 10 ** FRACTIONS.get(metric, 0)
    return math.floor(value * scale + 0.5 + 1e-6) / scale


def _bedtime(sleep: Sleep) -> tuple[int, str, str]:
    return sleep.start_utc_s, sleep.source, sleep.sleep_id
