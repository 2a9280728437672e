"""Counts of several wearables worn at once: in each minute the larger counts, never the sum."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DAY_MINUTES = 1440


def merged_total(sources: Sequence[Sequence[tuple[int, int, float]]]) -> float:
    """Return what all sources counted together; each is a list of (end, minutes, count).

    `end` is the minute of the day at which the count ended, and it is spread evenly over the minutes before; those
    before the day began count for it, as a record belongs to the day in which it ends.
    """
    rows = np.stack([_spread(counts) for counts in sources]) if sources else np.zeros((1, 1))
    return float(rows.max(axis=0).sum())


def _spread(counts: Sequence[tuple[int, int, float]]) -> NDArray[np.float64]:
    minutes = np.zeros(2 * DAY_MINUTES + 1)
    for end, length, count in counts:
        last = min(max(end, 1), DAY_MINUTES) + DAY_MINUTES
        first = max(0, last - max(length, 1))
        minutes[first:last] += count / (last - first)
    return minutes
