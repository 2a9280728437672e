"""Time by heart rate: how many seconds were spent at each whole heart rate.

Zones, training impulse and energy follow from it for any thresholds, so that they need no second look at the samples
when somebody corrects the highest heart rate.
"""

import numpy as np

from paceline_server.analysis.by_row import known_or_zero
from paceline_server.formats.recording import Column

HIGHEST_BPM = 255
LONGEST_HOLD_S = 10.0  # a heart rate stands for the seconds since the one before, but no more than these


def seconds_by_bpm(trusted_bpm: Column, seconds: Column) -> Column:
    """Return 256 sums: the seconds at each heart rate, rounded to whole ones; rows without one count nowhere.

    `seconds` are what each row stands for.
    """
    bpm = np.rint(known_or_zero(trusted_bpm)).astype(np.intp)
    spent = np.bincount(bpm, np.minimum(seconds, LONGEST_HOLD_S), HIGHEST_BPM + 1).astype(np.float64)
    spent[0] = 0.0
    return spent
