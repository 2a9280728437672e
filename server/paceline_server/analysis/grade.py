"""Grade-adjusted distance: the way on the flat that would have asked for as much energy.

Minetti et al., J Appl Physiol 93 (2002) 1039-1046: the energy cost of running a metre at a gradient of -0.45 to 0.45.
Limits: measured on ten mountain runners on a treadmill; steep descents on rough ground cost more; noise of the
altitudes makes the distance a little too long, as the cost bends upwards (about 1 % at a noise of 3 % in the gradient).
"""

import numpy as np

from paceline_server.analysis.ascent import smoothed_rows
from paceline_server.analysis.by_row import added, known_rows
from paceline_server.formats.recording import Column

STEEPEST = 0.45
HALF_WINDOW_M = 20.0  # the gradient is that of 20 m before and behind
_LEVEL = 3.6


def running_cost_j_kg_m(gradient: Column) -> Column:
    """Return the cost of a metre in J/kg at gradients (rise / run); beyond ±0.45 as there."""
    i = np.clip(gradient, -STEEPEST, STEEPEST)
    return ((((155.4 * i - 30.4) * i - 43.3) * i + 46.3) * i + 19.5) * i + _LEVEL


def gradients(distance_m: Column, altitude_m: Column) -> Column | None:
    """Return rise / run around every row, 0 where the run is too short to tell; None without altitudes.

    `distance_m` is the distance since the start and never falls; NaN altitudes are bridged.
    """
    known = known_rows(altitude_m)
    if len(known) < 2 or distance_m[known[-1]] - distance_m[known[0]] < 2 * HALF_WINDOW_M:
        return None
    along, altitude = distance_m[known], smoothed_rows(altitude_m[known])
    low, high = along[0], along[-1]
    behind, ahead = np.clip(distance_m - HALF_WINDOW_M, low, high), np.clip(distance_m + HALF_WINDOW_M, low, high)
    run = ahead - behind
    rise = np.interp(ahead, along, altitude) - np.interp(behind, along, altitude)
    return np.divide(rise, run, out=np.zeros(len(run)), where=run >= HALF_WINDOW_M)


def grade_adjusted_steps_m(distance_m: Column, altitude_m: Column) -> Column | None:
    """Return what each row adds to the grade-adjusted distance, 0 for the first; None without altitudes.

    The columns are as for gradients().
    """
    gradient = gradients(distance_m, altitude_m)
    if gradient is None:
        return None
    return added(distance_m) * running_cost_j_kg_m(gradient) / _LEVEL
