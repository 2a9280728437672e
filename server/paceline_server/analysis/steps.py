"""Cadence and the length of a step.

The mean cadence is over the seconds with one of 30 a minute and more (steps of both feet, or turns of the crank); the
length of a step is the way of those seconds by their steps, on foot only. Limits: where neither Doppler nor positions
tell the way it is as good as the pace on a treadmill; short steps of a slow walk may be missed by the counter.
"""

from typing import NamedTuple

import numpy as np

from paceline_server.analysis.heart_time import LONGEST_HOLD_S
from paceline_server.analysis.moving import SLOWEST_SPM
from paceline_server.formats.recording import Column

LEAST_S = 60.0


class Cadence(NamedTuple):
    """Steps or turns a minute; metres a step, None where it is not known or there are none."""

    mean_spm: float
    step_m: float | None


def cadence(cadence_spm: Column, seconds: Column, covered_m: Column, *, on_foot: bool) -> Cadence | None:
    """Return the means; None when less than a minute is known. `seconds` and `covered_m` are what each row adds."""
    with np.errstate(invalid="ignore"):
        chosen = (cadence_spm >= SLOWEST_SPM) & (seconds > 0) & (seconds <= LONGEST_HOLD_S)
    held = float(seconds[chosen].sum())
    if held < LEAST_S:
        return None
    turns = float(cadence_spm[chosen] @ seconds[chosen]) / 60
    way_m = float(covered_m[chosen].sum())
    return Cadence(60 * turns / held, way_m / turns if on_foot and way_m >= 10 else None)
