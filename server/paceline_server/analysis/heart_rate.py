"""Heart rate: average and maximum of the values that can be trusted."""

import numpy as np

from paceline_server.formats.recording import Column

FAIR = 2  # of 0 none, 1 unsure, 2 fair, 3 good


def trusted_bpm(heart_rate_bpm: Column, confidence: Column) -> Column:
    """Return the heart rate with NaN where its confidence is below fair; a source without confidence is trusted."""
    return np.where(np.isnan(confidence) | (confidence >= FAIR), heart_rate_bpm, np.nan)


def average_bpm(trusted: Column) -> float | None:
    """Return the mean of what is known, None when nothing is."""
    known = trusted[~np.isnan(trusted)]
    return float(known.mean()) if len(known) else None


def highest_bpm(trusted: Column) -> float | None:
    """Return the maximum of what is known, None when nothing is."""
    known = trusted[~np.isnan(trusted)]
    return float(known.max()) if len(known) else None
