"""Mean-maximal curves: the highest mean of heart rate or power over every usual length of time.

Exact: any window, both ends anywhere. A value holds for the seconds up to its row, at most LONGEST_HOLD_S; what is
missing counts as 0, so that a curve with gaps is a lower bound.
"""

import numpy as np

from paceline_server.analysis.by_row import added, known_or_zero
from paceline_server.analysis.heart_time import LONGEST_HOLD_S
from paceline_server.analysis.windows import evened, largest_rise
from paceline_server.formats.recording import Column

HEART_S = (60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 14_400.0)
POWER_S = (1.0, 5.0, 10.0, 15.0, 30.0, *HEART_S)


def mean_max_curve(
    time_s: Column, values: Column, durations_s: tuple[float, ...] = HEART_S
) -> tuple[tuple[float, float], ...]:
    """Return (duration_s, highest mean) for the durations that fit; empty when nothing is known."""
    if len(time_s) < 2 or np.isnan(values).all():
        return ()
    seconds = added(time_s)
    x = time_s
    held = known_or_zero(values) * np.minimum(seconds, LONGEST_HOLD_S)
    if seconds.max() > LONGEST_HOLD_S:
        # A long step is a gap and then the hold: a point where the hold begins keeps the sum exact.
        long = np.flatnonzero(seconds > LONGEST_HOLD_S)
        x = np.insert(time_s, long, time_s[long] - LONGEST_HOLD_S)
        held = np.insert(held, long, 0.0)
    x, total, step = evened(x, np.cumsum(held))
    curve = []
    for duration_s in durations_s:
        found = largest_rise(x, total, duration_s, step)
        if found is None:
            break
        curve.append((duration_s, found[0] / duration_s))
    return tuple(curve)
