"""Columns row by row: what lies between rows, what each adds to a sum, which rows are known.

Of an hour's 3,600 rows the calls within np.diff, np.median and the like take longer than the work itself: these do
with fewer.
"""

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column


def between(column: Column) -> Column:
    """Return by how much each row is more than the one before: one fewer than rows."""
    return column[1:] - column[:-1]


def added(upto: Column) -> Column:
    """Return what each row adds to a cumulative column, 0 for the first (np.diff with `prepend` copies it twice)."""
    steps = np.empty(len(upto))
    steps[:1] = 0.0
    np.subtract(upto[1:], upto[:-1], out=steps[1:])
    return steps


def cumulated(steps: Column) -> Column:
    """Return the sum up to each row of what lies between the rows: one more than steps, 0 first."""
    upto = np.empty(len(steps) + 1)
    upto[0] = 0.0
    np.cumsum(steps, out=upto[1:])
    return upto


def counted(chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return how many rows are chosen before each one, with how many there are in all last."""
    before = np.zeros(len(chosen) + 1, np.intp)
    np.cumsum(chosen, out=before[1:])
    return before


def known_rows(values: Column) -> NDArray[np.intp]:
    """Return the rows that are not NaN."""
    return (~np.isnan(values)).nonzero()[0]


def known_or_zero(values: Column) -> Column:
    """Return the values, 0 in place of NaN."""
    return np.where(np.isnan(values), 0.0, values)


def median_of(values: Column) -> float:
    """Return the median of one value and more, none of them NaN."""
    ordered, middle = np.sort(values), len(values) // 2
    return float(ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)
