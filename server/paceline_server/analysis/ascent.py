"""Ascent: climbs counted with hysteresis, so that noise on the flat is none.

Two kinds of altitude come in. One was smoothed by who recorded it (many bike computers, virtual rides): its small ups
and downs are real, and are counted. The other is as a barometer or a receiver gave it, and is smoothed here over the
way, not over time: what drifts while one stands is no climb. Thresholds were chosen on the recordings of
`make bench-files`, which prints ours beside the devices' own totals.
"""

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column

SMOOTHED_THRESHOLD_M = 1.0
THRESHOLD_M = 1.5  # a rise or fall smaller than this is noise
NOISY_THRESHOLD_M = 3.0
NOISY_M = 0.3  # typical distance from the smoothed line: beyond it the altitude is a receiver's, not a barometer's
SMALL_SWING_M = 2.0
SMALL_SHARE = 0.06  # of all up and down in small swings: below it the recorder has smoothed already
STEP_M, STEPS = 13.0, 3  # a mean over about 40 m of way
SMOOTHING_ROWS = 7


def cumulative_ascent_m(altitude_m: Column, distance_m: Column) -> Column | None:
    """Return the metres climbed up to every row; None when fewer than two altitudes are known.

    `distance_m` is the distance since the start at every row and never falls.
    """
    known = np.flatnonzero(~np.isnan(altitude_m))
    if len(known) < 2:
        return None
    altitude, along = altitude_m[known], distance_m[known]
    if _small_swings_share(altitude) < SMALL_SHARE:
        climbed = _climbed(altitude, SMOOTHED_THRESHOLD_M)
    elif along[-1] - along[0] < STEP_M * STEPS:
        climbed = _climbed(smoothed_rows(altitude), NOISY_THRESHOLD_M)
    else:
        climbed = _climbed_along(altitude, along)
    total = np.zeros(len(altitude_m))
    total[known] = np.diff(climbed, prepend=0.0)
    return np.cumsum(total)


def smoothed_rows(altitude: Column, rows: int = SMOOTHING_ROWS) -> Column:
    """Return the means over an odd number of rows, the ends held; as they are when there are fewer."""
    if len(altitude) < rows:
        return altitude
    half = rows // 2
    padded = np.pad(altitude, half, mode="edge")
    return np.convolve(padded, np.full(rows, 1 / rows), "valid")


def _climbed_along(altitude: Column, along: Column) -> Column:
    cell = ((along - along[0]) / STEP_M).astype(np.intp)
    rows = np.bincount(cell)
    filled = np.flatnonzero(rows)
    middles = np.arange(len(rows)) * STEP_M + along[0] + STEP_M / 2
    raw = np.interp(middles, middles[filled], np.bincount(cell, altitude)[filled] / rows[filled])
    line = smoothed_rows(raw, STEPS)
    apart = np.median(np.abs(raw - line)) * 1.4826  # as a standard deviation, were it normal
    climbed = _climbed(line, NOISY_THRESHOLD_M if apart > NOISY_M else THRESHOLD_M)
    return np.interp(along, middles, climbed)


def _small_swings_share(altitude: Column) -> float:
    """Return the part of all up and down that is done in swings below SMALL_SWING_M."""
    steps = np.diff(altitude)
    steps = steps[steps != 0]
    if not len(steps):
        return 0.0
    swings = np.abs(np.add.reduceat(steps, np.r_[0, _turns(steps)]))
    return float(swings[swings < SMALL_SWING_M].sum() / swings.sum())


def _turns(steps: Column) -> NDArray[np.intp]:
    return np.flatnonzero(np.diff(np.sign(steps)) != 0) + 1


def _climbed(altitude: Column, threshold_m: float) -> Column:
    climbed = np.zeros(len(altitude))
    for low, high in _climbs(altitude, threshold_m):
        climbed[low + 1 : high + 1] = np.diff(np.maximum.accumulate(altitude[low : high + 1]))
    return np.cumsum(climbed)


def _climbs(altitude: Column, threshold_m: float) -> list[tuple[int, int]]:
    """Return (low row, high row) of each climb over the threshold."""
    climbs: list[tuple[int, int]] = []
    low, high, climbing = 0, 0, False
    for row in [*_turns(np.diff(altitude)).tolist(), len(altitude) - 1]:
        here = altitude[row]
        if climbing:
            if here > altitude[high]:
                high = row
            elif here < altitude[high] - threshold_m:
                climbs.append((low, high))
                low, climbing = row, False
        elif here < altitude[low]:
            low = row
        elif here > altitude[low] + threshold_m:
            high, climbing = row, True
    if climbing:
        climbs.append((low, high))
    return climbs
