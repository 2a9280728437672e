"""An owner's finished activities as columns, and what is summed from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.best_efforts import USUAL
from paceline_server.analysis.periods import MONDAY, Days, first_day, first_days
from paceline_server.analysis.personal_bests import improvements
from paceline_server.analysis.training_impulse import impulse_a_minute
from paceline_server.formats.recording import Column

Chosen = NDArray[np.bool_]
Athletes = tuple[tuple[int, Athlete], ...]
"""Who somebody was from each day on; the days rise, and the first is not later than any activity's."""

METRICS = {
    "distance": ("distance_cm", 100.0, "m"),
    "time": ("moving_ms", 1000.0, "s"),
    "duration": ("duration_ms", 1000.0, "s"),
    "ascent": ("ascent_cm", 100.0, "m"),
    "calories": ("energy_cal", 1000.0, "kcal"),
    "volume": ("lifted_g", 1000.0, "kg"),
}
"""Of each metric that is summed: its column, how many of that are one of its unit, and the unit."""

_USUAL_M = sorted({float(metres) for distances, _ in USUAL.values() for metres in distances})
_HEART = np.dtype([("bpm", "u1"), ("ms", "<u4")])
_EFFORT = np.dtype([("cm", "<u4"), ("ms", "<u4")])


class Best(NamedTuple):
    """A best: when its activity began, which one it was, and the seconds that it took."""

    start_utc_s: float
    activity_id: str
    duration_s: float


@dataclass(frozen=True, eq=False)
class History:
    """Columns, a value for each activity, the earliest first; heart and efforts with the row that each belongs to.

    `sport` are places in `sports`.
    """

    activity_ids: tuple[str, ...]
    start_utc_s: Column
    day: Days
    sports: tuple[str, ...]
    sport: NDArray[np.int64]
    sums: dict[str, NDArray[np.int64]]
    heart_row: NDArray[np.int32]
    heart: NDArray[Any]
    effort_row: NDArray[np.int32]
    effort: NDArray[Any]
    zone_s: int
    source: str
    made: dict[object, object] = field(default_factory=dict)  # what was made of it, kept as long as it is

    def of_sport(self, sport: str | None) -> Chosen:
        """Return which activities are of the sport; all of them for None."""
        if sport is None:
            return np.ones(len(self.day), bool)
        return self.sport == (self.sports.index(sport) if sport in self.sports else -1)

    def total(self, metric: str, chosen: Chosen) -> float:
        """Return the sum of a metric, or the "count", over chosen activities; exact."""
        if metric == "count":
            return float(chosen.sum())
        column, unit, _ = METRICS[metric]
        return int(self.sums[column][chosen].sum()) / unit

    def within(self, kind: str, today: int, first_weekday: int = MONDAY, sport: str | None = None) -> Chosen:
        """Return which activities are of the period under way, up to today; "all": every one."""
        if kind == "all":
            return self.of_sport(sport)
        return self.until(today, sport) & (self.day >= first_day(today, kind, first_weekday))

    def until(self, today: int, sport: str | None = None) -> Chosen:
        """Return which activities are not later than a day: later ones are of a clock that was wrong."""
        return self.of_sport(sport) & (self.day <= today)

    def series(self, metric: str, kind: str, first_weekday: int, chosen: Chosen) -> dict[int, float]:
        """Return the sum of a metric, or the "count", by the first day of each period that has activities; exact."""
        starts, place = np.unique(first_days(self.day[chosen], kind, first_weekday), return_inverse=True)
        if metric == "count":
            return dict(zip(starts.tolist(), np.bincount(place, minlength=len(starts)).tolist(), strict=True))
        column, unit, _ = METRICS[metric]
        totals = np.zeros(len(starts), np.int64)
        np.add.at(totals, place, self.sums[column][chosen])
        return dict(zip(starts.tolist(), (totals / unit).tolist(), strict=True))

    def load_series(self, athletes: Athletes, kind: str, first_weekday: int, chosen: Chosen) -> dict[int, float]:
        """Return the load by the first day of each period that has activities; empty when none can be told."""
        load = self.load(athletes)
        if load is None:
            return {}
        starts, place = np.unique(first_days(self.day[chosen], kind, first_weekday), return_inverse=True)
        return dict(zip(starts.tolist(), np.bincount(place, load[chosen], len(starts)).tolist(), strict=True))

    def load(self, athletes: Athletes) -> Column | None:
        """Return the training impulse of each activity, by the athlete of its day.

        0 without a heart rate, or the highest and the resting one of its day; None when none can be told at all.
        """
        resting, highest = self.heart_bounds(athletes)
        told = highest > resting
        if not told[self.heart_row].any():
            return None
        rows = told[self.heart_row]
        row, heart = self.heart_row[rows], self.heart[rows]
        bpm = heart["bpm"].astype(np.float64)
        weights = impulse_a_minute(bpm, resting[row], highest[row], athletes[-1][1].sex)
        return np.bincount(row, heart["ms"] / 60_000 * weights, len(self.day)).astype(np.float64)

    def heart_bounds(self, athletes: Athletes) -> tuple[Column, Column]:
        """Return the resting and the highest heart rate on the day of each activity, NaN where they are not known."""
        place = np.searchsorted([day for day, _ in athletes], self.day, "right") - 1
        resting = _bpm([athlete.resting_heart_rate_bpm for _, athlete in athletes])[place]
        return resting, _bpm([athlete.highest_bpm for _, athlete in athletes])[place]

    def daily(self, values: Column, until: int) -> tuple[int, Column]:
        """Return (first day, the sums of values on every day from then until `until`); later days count nothing."""
        known = self.day <= until
        if not known.any():
            return until, np.zeros(1)
        first = int(self.day[known].min())
        return first, np.bincount(self.day[known] - first, values[known], until - first + 1).astype(np.float64)

    @cached_property
    def bests(self) -> dict[tuple[str, float], list[Best]]:
        """Return the bests by (sport, metres) in the order in which they were set; the last of each stands."""
        found: dict[tuple[str, float], list[Best]] = {}
        sports = self.sport[self.effort_row]
        for place, sport in enumerate(self.sports):
            of_sport = sports == place
            for cm in np.unique(self.effort["cm"][of_sport]).tolist():
                chosen = np.flatnonzero(of_sport & (self.effort["cm"] == cm))
                better = chosen[improvements(self.effort["ms"][chosen].astype(np.int64))]
                found[sport, _metres(cm)] = [self._best(row) for row in better.tolist()]
        return found

    def _best(self, place: int) -> Best:
        row = int(self.effort_row[place])
        return Best(float(self.start_utc_s[row]), self.activity_ids[row], int(self.effort["ms"][place]) / 1000)


def history_of(rows: Sequence[Any]) -> History:
    """Make the columns of rows as the store reads them."""
    sports = tuple(sorted({row.sport for row in rows}))
    names = ("distance_cm", "duration_ms", "moving_ms", "ascent_cm", "energy_cal", "lifted_g")
    heart_row, heart = _joined([row.heart for row in rows], _HEART)
    effort_row, effort = _joined([row.efforts for row in rows], _EFFORT)
    return History(
        activity_ids=tuple(row.activity_id for row in rows),
        start_utc_s=np.array([row.start_utc_s for row in rows], np.float64),
        day=np.array([row.day for row in rows], np.int64),
        sports=sports,
        sport=np.array([sports.index(row.sport) for row in rows], np.int64),
        sums={name: np.array([getattr(row, name) for row in rows], np.int64) for name in names},
        heart_row=heart_row,
        heart=heart,
        effort_row=effort_row,
        effort=effort,
        zone_s=rows[-1].zone_s if rows else 0,
        source=rows[-1].source if rows else "",
    )


def _joined(blobs: Sequence[bytes], dtype: np.dtype[Any]) -> tuple[NDArray[np.int32], NDArray[Any]]:
    counts = [len(blob) // dtype.itemsize for blob in blobs]
    return np.repeat(np.arange(len(blobs), dtype=np.int32), counts), np.frombuffer(b"".join(blobs), dtype)


def _metres(cm: int) -> float:
    """Return the usual distance that was kept in whole centimetres."""
    return next((metres for metres in _USUAL_M if round(100 * metres) == cm), cm / 100)


def _bpm(values: Sequence[float | None]) -> Column:
    return np.array([np.nan if value is None else value for value in values], np.float64)
