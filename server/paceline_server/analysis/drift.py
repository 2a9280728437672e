"""Heart-rate drift (decoupling): how much more the heart beats for the same speed in the second half.

Friel, The Triathlete's Training Bible: (speed / heart rate of the first half - that of the second) / that of the
first. Under 5 % one speaks of a good aerobic base. Limits: it says something of a steady effort of 20 minutes and more
in even conditions, so nothing is returned for less than that, or when a tenth of a half has no sure heart rate.
"""

import numpy as np

from paceline_server.analysis.by_row import added, known_or_zero
from paceline_server.formats.recording import Column

SHORTEST_S = 1200.0
LEAST_KNOWN = 0.9


def heart_rate_drift(trusted_bpm: Column, moving_s: Column, covered_m: Column) -> float | None:
    """Return the drift as a part (0.05 is 5 %), None where it would say nothing.

    `moving_s` are the seconds moved up to every row, `covered_m` the metres (grade-adjusted on foot) that each adds.
    """
    if len(moving_s) == 0 or moving_s[-1] < SHORTEST_S or covered_m.sum() <= 0:
        return None
    moved_s, middle = added(moving_s), int(moving_s.searchsorted(moving_s[-1] / 2))
    ratios = []
    for half in (slice(0, middle), slice(middle, None)):
        seconds, bpm = moved_s[half], trusted_bpm[half]
        known = np.where(np.isnan(bpm), 0.0, seconds)
        beats = known_or_zero(bpm) @ seconds
        if known.sum() < LEAST_KNOWN * seconds.sum() or beats <= 0:
            return None
        ratios.append(covered_m[half].sum() / seconds.sum() * known.sum() / beats)
    return float((ratios[0] - ratios[1]) / ratios[0]) if ratios[0] > 0 else None
