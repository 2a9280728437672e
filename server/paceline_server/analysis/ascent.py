"""Ascent: climbs counted with hysteresis, so that noise on the flat is none."""

import numpy as np

from paceline_server.formats.recording import Column

THRESHOLD_M = 3.0  # a rise or fall smaller than this is noise (GPS and small barometers alike)
SMOOTHING_ROWS = 7


def cumulative_ascent_m(altitude_m: Column) -> Column | None:
    """Return the metres climbed up to every row; None when fewer than two altitudes are known."""
    known = np.flatnonzero(~np.isnan(altitude_m))
    if len(known) < 2:
        return None
    altitude = smoothed_rows(altitude_m[known])
    climbed = np.zeros(len(known))
    for low, high in _climbs(altitude):
        climbed[low + 1 : high + 1] = np.diff(np.maximum.accumulate(altitude[low : high + 1]))
    total = np.zeros(len(altitude_m))
    total[known] = climbed
    return np.cumsum(total)


def _climbs(altitude: Column) -> list[tuple[int, int]]:
    """Return (low row, high row) of each climb over the threshold."""
    turning = np.flatnonzero(np.diff(np.sign(np.diff(altitude))) != 0) + 1
    climbs: list[tuple[int, int]] = []
    low, high, climbing = 0, 0, False
    for row in [*turning.tolist(), len(altitude) - 1]:
        here = altitude[row]
        if climbing:
            if here > altitude[high]:
                high = row
            elif here < altitude[high] - THRESHOLD_M:
                climbs.append((low, high))
                low, climbing = row, False
        elif here < altitude[low]:
            low = row
        elif here > altitude[low] + THRESHOLD_M:
            high, climbing = row, True
    if climbing:
        climbs.append((low, high))
    return climbs


def smoothed_rows(altitude: Column) -> Column:
    """Return the means over SMOOTHING_ROWS rows, the ends held; as they are when there are fewer."""
    if len(altitude) < SMOOTHING_ROWS:
        return altitude
    half = SMOOTHING_ROWS // 2
    padded = np.pad(altitude, half, mode="edge")
    return np.convolve(padded, np.full(SMOOTHING_ROWS, 1 / SMOOTHING_ROWS), "valid")
