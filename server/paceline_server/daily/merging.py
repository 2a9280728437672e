"""From what all sources say to days: the rule of docs/DAILY.md; pure.

What adds up is merged over time (analysis/merged_counts.py) in the order of belief; of the rest one source is believed.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from paceline_server.analysis.merged_counts import Count, Layer, apart, layer_of, merged_totals
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
    layers: dict[str, Layer] = field(default_factory=dict)  # the counts, set apart
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
    merges = _Merges(readings.order)
    for by_source in said.values():
        _set_apart(by_source)
    drafts = [_Draft(dates[n].isoformat(), (starts[n], starts[n + 1]), said[n], merges) for n in sorted(said)]
    merges.do()
    return [draft.day(merges) for draft in drafts]


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
            said[at][source].records.append(record)
    for mine in (mine for by_source in said.values() for mine in by_source.values()):
        resting = [record for record in mine.records if record.resting_heart_rate_bpm]
        if resting:
            stamp_ms = 1000 * max(record.utc_s for record in resting)
            mine.latest[RESTING] = stamp_ms, min(record.resting_heart_rate_bpm for record in resting)


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


class _Merges:
    """What is to be merged of all days: all at once, which is many times as quick as one after the other."""

    def __init__(self, order: Sequence[str]) -> None:
        self.order = order
        self._asked: list[list[Layer]] = []
        self._totals: list[float] = []

    def ask(self, metric: str, span: tuple[int, int], by_source: Mapping[str, _Said]) -> int:
        """Want what these sources counted together; return its number."""
        self._asked.append(_layers(metric, span, by_source, self.order))
        return len(self._asked) - 1

    def do(self) -> None:
        """Do all that was asked for."""
        self._totals = merged_totals([layers if len(layers) > 1 else [] for layers in self._asked])

    def total(self, number: int) -> float | None:
        """Return what was asked for by this number, None when nobody counted."""
        layers = self._asked[number]
        # Of one source alone: no rounding of what is spread and summed again.
        return self._totals[number] if len(layers) > 1 else sum(layers[0][2]) if layers else None


class _Draft:
    """A day whose merges are asked for."""

    def __init__(self, day: str, span: tuple[int, int], by_source: Mapping[str, _Said], merges: _Merges) -> None:
        self._day = day
        self._by_source = by_source
        self._together = {metric: merges.ask(metric, span, by_source) for metric in CUMULATIVE}
        self._alone: dict[str, dict[str, int]] = {}
        if len(by_source) > 1:
            for source, mine in sorted(by_source.items()):
                asked = {metric: merges.ask(metric, span, {source: mine}) for metric in CUMULATIVE}
                self._alone[source] = asked

    def day(self, merges: _Merges) -> Day:
        """Return the day, once the merges are done."""
        values = {metric: merges.total(number) for metric, number in self._together.items()}
        by_source = self._by_source
        for metric in LATEST:
            spoke = [(source, *mine.latest[metric]) for source, mine in by_source.items() if metric in mine.latest]
            values[metric] = believed(spoke, merges.order)
        known = _known(values)
        sleeps = tuple(sorted((one for mine in by_source.values() for one in mine.sleeps), key=_bedtime))
        if len(by_source) == 1:
            return Day(self._day, known, {source: dict(known) for source in by_source}, sleeps)
        alone = {
            source: {metric: merges.total(number) for metric, number in asked.items()}
            | {metric: value for metric, (_, value) in by_source[source].latest.items()}
            for source, asked in self._alone.items()
        }
        return Day(self._day, known, {source: _known(each) for source, each in alone.items()}, sleeps)


def _set_apart(by_source: Mapping[str, _Said]) -> None:
    for mine in by_source.values():
        mine.layers = {metric: layer_of(apart(counts)) for metric, counts in mine.counts.items()}
        # A wearable counts everything once.
        ends = [record.utc_s for record in mine.records]
        begins = [record.utc_s - 60 * max(record.minutes, 1) for record in mine.records]
        for metric, column in zip(RECORDED, _columns(mine.records), strict=False):
            mine.layers[metric] = begins, ends, column


def _columns(records: Sequence[DayRecord]) -> list[tuple[int, ...]]:
    """Return the records' columns in the order of RECORDED."""
    if not records:
        return []
    columns = dict(zip(DayRecord._fields, zip(*records, strict=True), strict=True))
    return [columns[metric] for metric in RECORDED]


def _layers(metric: str, span: tuple[int, int], by_source: Mapping[str, _Said], order: Sequence[str]) -> list[Layer]:
    """Return what the sources counted, the preferred first."""
    layers: list[tuple[tuple[int, int, bool, float, str], Layer]] = []
    for source, mine in by_source.items():
        rank = _rank(source, order)
        layer = mine.layers.get(metric)
        if layer and layer[0]:
            covered_s = sum(layer[1]) - sum(layer[0])
            is_ours = source.startswith(WEARABLE)
            layers.append(((rank, 0, not is_ours, -covered_s, source), layer))
        if metric in mine.totals:
            total = mine.totals[metric]
            layers.append(((rank, 1, False, -total, source), ([span[0]], [span[1]], [total])))
    return (
        [layer for _, layer in sorted(layers, key=lambda one: one[0])]
        if len(layers) > 1
        else [layer for _, layer in layers]
    )


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
