"""Columns row by row: what each row adds to a sum, and values with nothing in place of what is missing."""

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column


def added(upto: Column) -> Column:
    """Return what each row adds to a cumulative column, 0 for the first (np.diff with `prepend` copies it twice)."""
    steps = np.empty(len(upto))
    steps[:1] = 0.0
    np.subtract(upto[1:], upto[:-1], out=steps[1:])
    return steps


def cumulated(steps: Column | NDArray[np.bool_]) -> Column:
    """Return the sum up to each row of what lies between the rows: one more than steps, 0 first."""
    upto = np.empty(len(steps) + 1)
    upto[0] = 0.0
    np.cumsum(steps, out=upto[1:])
    return upto


def known_or_zero(values: Column) -> Column:
    """Return the values, 0 in place of NaN."""
    return np.where(np.isnan(values), 0.0, values)
