"""Heart rate: average and maximum of the values that can be trusted."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.by_row import counted, cumulated
from paceline_server.formats.recording import Column

LONGEST_S = 300.0  # over a longer gap its ends say little
FAIR = 2  # of 0 none, 1 unsure, 2 fair, 3 good


class Beats(NamedTuple):
    """The sum of the heart rates before each row and how many of them are known, with that of all rows last."""

    total_bpm: Column
    known: NDArray[np.intp]

    def means(self, first: NDArray[np.intp], last: NDArray[np.intp]) -> list[float | None]:
        """Return the mean over the rows from each `first` until before its `last`; None where none is known."""
        known = self.known[last] - self.known[first]
        total = self.total_bpm[last] - self.total_bpm[first]
        return [mean / count if count else None for mean, count in zip(total.tolist(), known.tolist(), strict=True)]


def beats_of(trusted: Column) -> Beats:
    """Return what the means over rows are made of."""
    missing = np.isnan(trusted)
    return Beats(cumulated(np.where(missing, 0.0, trusted)), counted(~missing))


def trusted_bpm(heart_rate_bpm: Column, confidence: Column) -> Column:
    """Return the heart rate with NaN where its confidence is below fair; a source without confidence is trusted."""
    return np.where(confidence < FAIR, np.nan, heart_rate_bpm)  # NaN is below nothing


def average_bpm(trusted: Column, seconds: Column) -> float | None:
    """Return the mean over the timer's time, each stretch between two rows at the mean of its ends.

    `seconds` are the timer's seconds since the row before. Where no stretch is known, the mean of the rows; None when
    nothing is. Watches that record only what changes make rows of very different length: a mean of rows is off there.
    """
    between = (trusted[1:] + trusted[:-1]) / 2
    missing = np.isnan(between)
    held = np.where(missing, 0.0, np.minimum(seconds[1:], LONGEST_S))
    if held.sum() > 0:
        return float(np.where(missing, 0.0, between) @ held / held.sum())
    rows = trusted[~np.isnan(trusted)]
    return float(rows.mean()) if len(rows) else None


def highest_bpm(trusted: Column) -> float | None:
    """Return the maximum of what is known, None when nothing is."""
    highest = float(np.fmax.reduce(trusted, initial=-1.0))
    return highest if highest >= 0 else None
