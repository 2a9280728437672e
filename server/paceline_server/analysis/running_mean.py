"""Means over a stretch of time around each row: what is drawn of a noisy series."""

import numpy as np

from paceline_server.formats.recording import Column


def mean_around(time_s: Column, values: Column, window_s: float) -> Column:
    """Return the mean of the known values within half a window around each row; NaN where the row itself is."""
    known = ~np.isnan(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    first = np.searchsorted(time_s, time_s - window_s / 2, "left")
    after = np.searchsorted(time_s, time_s + window_s / 2, "right")
    total, count = sums[after] - sums[first], counts[after] - counts[first]
    return np.where(known, np.divide(total, count, out=np.zeros(len(values)), where=count > 0), np.nan)
