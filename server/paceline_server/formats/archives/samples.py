"""Samples of many years in bounded memory, until the workouts are known that they belong to."""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_SAMPLES = 6_000_000
"""Of all series together: 12 bytes each, and 10 more of the series that is being sorted."""
MOST_SOURCES = 60_000


@dataclass(frozen=True, eq=False)
class Cut:
    """The samples of a series within a workout, by their end: Unix seconds from, to; values."""

    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    values: NDArray[np.float64]


class _Series:
    def __init__(self) -> None:
        self.end_s, self.length_s = array("I"), array("H")
        self.values, self.sources = array("f"), array("H")
        self.order: NDArray[np.int64] | None = None


class Samples:
    """Samples by series; `left_out` counts those beyond MOST_SAMPLES."""

    def __init__(self, most: int = MOST_SAMPLES) -> None:
        self.left_out = 0
        self._room = most
        self._series: dict[str, _Series] = {}
        self._sources: dict[str, int] = {}

    def add(self, series: str, source: str, start_s: int, end_s: int, value: float) -> None:
        """Add a sample; times are Unix seconds from 1970 to 2106."""
        number = self._sources.setdefault(source, len(self._sources)) if len(self._sources) < MOST_SOURCES else 0
        if self._room <= 0 or not 0 <= end_s < 1 << 32 or not 0 <= end_s - start_s < 1 << 16 or not -1e9 < value < 1e9:
            self.left_out += 1
            return
        self._room -= 1
        held = self._series.get(series)
        if held is None:
            held = self._series[series] = _Series()
        held.end_s.append(end_s)
        held.length_s.append(end_s - start_s)
        held.values.append(value)
        held.sources.append(number)

    def cut(self, series: str, source: str, start_s: float, end_s: float) -> Cut | None:
        """Return the samples that end within a time, of this source or, where it has none, of the one with most."""
        held = self._series.get(series)
        if held is None:
            return None
        ends = np.frombuffer(held.end_s, np.uint32)
        if held.order is None:
            held.order = np.argsort(ends, kind="stable")
        order = held.order
        first = np.searchsorted(ends, start_s, side="left", sorter=order)
        last = np.searchsorted(ends, end_s, side="right", sorter=order)
        rows = order[first:last]
        if not len(rows):
            return None
        sources = np.frombuffer(held.sources, np.uint16)[rows]
        mine = sources == self._sources.get(source, -1)
        if not mine.any():
            mine = sources == np.bincount(sources).argmax()
        rows = rows[mine]
        to_s = ends[rows].astype(np.float64)
        values = np.frombuffer(held.values, np.float32)[rows].astype(np.float64)
        return Cut(to_s - np.frombuffer(held.length_s, np.uint16)[rows], to_s, values)
