"""Heart rate: average and maximum of the values that can be trusted."""

import numpy as np

from paceline_server.formats.recording import Column

LONGEST_S = 300.0  # over a longer gap its ends say little
FAIR = 2  # of 0 none, 1 unsure, 2 fair, 3 good


def trusted_bpm(heart_rate_bpm: Column, confidence: Column) -> Column:
    """Return the heart rate with NaN where its confidence is below fair; a source without confidence is trusted."""
    return np.where(np.isnan(confidence) | (confidence >= FAIR), heart_rate_bpm, np.nan)


def average_bpm(trusted: Column, seconds: Column) -> float | None:
    """Return the mean over the timer's time, each stretch between two rows at the mean of its ends.

    `seconds` are the timer's seconds since the row before. Where no stretch is known, the mean of the rows; None when
    nothing is. Watches that record only what changes make rows of very different length: a mean of rows is off there.
    """
    between = (trusted[1:] + trusted[:-1]) / 2
    known = ~np.isnan(between)
    held = np.minimum(seconds[1:], LONGEST_S)[known]
    if held.sum() > 0:
        return float(np.dot(between[known], held) / held.sum())
    rows = trusted[~np.isnan(trusted)]
    return float(rows.mean()) if len(rows) else None


def highest_bpm(trusted: Column) -> float | None:
    """Return the maximum of what is known, None when nothing is."""
    known = trusted[~np.isnan(trusted)]
    return float(known.max()) if len(known) else None
