"""When a row of rising marks was reached: by a running sum, by the most of one activity, by days or weeks in a row."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.periods import MONDAY, Days, first_days

Reached = list[int | None]
"""For each mark the place at which it was reached first, None when it was not."""


def reached_by_sum(values: NDArray[np.int64], marks: Sequence[float]) -> Reached:
    """Return the first places at which the sum up to there, it included, is a mark or more."""
    return _first_places(np.cumsum(values), marks)


def reached_by_most(values: NDArray[np.int64], marks: Sequence[float]) -> Reached:
    """Return the first places at which a value is a mark or more."""
    return _first_places(np.maximum.accumulate(values), marks)


def reached_in_row(days: Days, marks: Sequence[float], *, weeks: bool, first_weekday: int = MONDAY) -> Reached:
    """Return the first places at which so many days, or weeks, in a row have one of the days, which rise."""
    if len(days) == 0:
        return [None] * len(marks)
    periods = first_days(days, "week", first_weekday) // 7 if weeks else days
    fresh = np.diff(periods, prepend=periods[:1] - 2)
    # The place in the run: counted on by 1, begun anew after a gap.
    count = np.cumsum(fresh == 1)
    begun = np.maximum.accumulate(np.where(fresh > 1, count, 0))
    return _first_places(np.maximum.accumulate(count - begun + 1), marks)


def _first_places(rising: NDArray[np.int64], marks: Sequence[float]) -> Reached:
    places = np.searchsorted(rising, marks, "left").tolist()
    return [place if place < len(rising) else None for place in places]
