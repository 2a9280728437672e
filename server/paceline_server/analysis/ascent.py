"""Ascent and descent: climbs and falls counted with hysteresis, so that noise on the flat is none.

Two kinds of altitude come in. One was smoothed by who recorded it (many bike computers, virtual rides): its small ups
and downs are real, and are counted. The other is as a barometer or a receiver gave it, and is smoothed here over the
way, not over time: what drifts while one stands is no climb. Thresholds were chosen on the recordings of
`make bench-files`, which prints ours beside the devices' own totals.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.by_row import added, between, known_rows, median_of
from paceline_server.formats.recording import Column

SMOOTHED_THRESHOLD_M = 1.0
THRESHOLD_M = 1.5  # a rise or fall smaller than this is noise
NOISY_THRESHOLD_M = 3.0
NOISY_M = 0.3  # typical distance from the smoothed line: beyond it the altitude is a receiver's, not a barometer's
SMALL_SWING_M = 2.0
SMALL_SHARE = 0.06  # of all up and down in small swings: below it the recorder has smoothed already
JAGGED_M = 20.0  # a turn from up to down for as little way: no ground does that for miles, and no recorder smoothed it
STEP_M, STEPS = 13.0, 3  # a mean over about 40 m of way
SMOOTHING_ROWS = 7


class Climb(NamedTuple):
    """The metres climbed, and those descended, up to every row; both rise.

    `noisy`: the altitudes are a receiver's, as no barometer's are so far from their smoothed line.
    """

    ascent_m: Column
    descent_m: Column
    noisy: bool = False


def cumulative_climb_m(altitude_m: Column, distance_m: Column) -> Climb | None:
    """Return the climb up to every row; None when fewer than two altitudes are known.

    `distance_m` is the distance since the start at every row and never falls. Both are counted alike: what is a climb
    there is a descent back.
    """
    known = known_rows(altitude_m)
    if len(known) < 2:
        return None
    altitude, along = altitude_m[known], distance_m[known]
    corners = _corners(altitude)
    if _small_swings_share(altitude[corners]) < SMALL_SHARE:
        jagged = len(corners) * JAGGED_M > along[-1] - along[0] > STEP_M * STEPS
        climb = _climb(altitude, corners, SMOOTHED_THRESHOLD_M)._replace(noisy=bool(jagged))
    elif along[-1] - along[0] < STEP_M * STEPS:
        line = smoothed_rows(altitude)
        climb = _climb(line, _corners(line), NOISY_THRESHOLD_M)
    else:
        climb = _climb_along(altitude, along)
    if len(known) == len(altitude_m):
        return climb
    up_m, down_m = (_spread(upto, known, len(altitude_m)) for upto in climb[:2])
    return Climb(up_m, down_m, climb.noisy)


def smoothed_rows(altitude: Column, rows: int = SMOOTHING_ROWS) -> Column:
    """Return the means over an odd number of rows, the ends held; as they are when there are fewer."""
    if len(altitude) < rows:
        return altitude
    half = rows // 2
    padded = np.concatenate([np.full(half, altitude[0]), altitude, np.full(half, altitude[-1])])
    return np.convolve(padded, np.full(rows, 1 / rows), "valid")


def _spread(upto: Column, known: NDArray[np.intp], rows: int) -> Column:
    """Return what is known up to some rows at every row: what one of them adds is of that row."""
    total = np.zeros(rows)
    total[known] = added(upto)
    return np.cumsum(total)


def _climb_along(altitude: Column, along: Column) -> Climb:
    cell = ((along - along[0]) / STEP_M).astype(np.intp)
    rows = np.bincount(cell)
    filled = (rows > 0).nonzero()[0]
    middles = np.arange(len(rows)) * STEP_M + along[0] + STEP_M / 2
    raw = np.interp(middles, middles[filled], np.bincount(cell, altitude)[filled] / rows[filled])
    line = smoothed_rows(raw, STEPS)
    apart = median_of(np.abs(raw - line)) * 1.4826  # as a standard deviation, were it normal
    noisy = bool(apart > NOISY_M)
    climb = _climb(line, _corners(line), NOISY_THRESHOLD_M if noisy else THRESHOLD_M)
    up_m, down_m = (np.interp(along, middles, upto) for upto in climb[:2])
    return Climb(up_m, down_m, noisy)


def _small_swings_share(turns_m: Column) -> float:
    """Return the part of all up and down that is done in swings below SMALL_SWING_M, of the altitudes at all turns."""
    swings = np.abs(between(turns_m))
    whole = float(swings.sum())
    return float(swings[swings < SMALL_SWING_M].sum()) / whole if whole > 0 else 0.0


def _corners(altitude: Column) -> NDArray[np.intp]:
    """Return the rows where up turns to down or down to up, with the first and the last row."""
    steps = between(altitude)
    moved = (steps != 0).nonzero()[0]
    up = steps[moved] > 0
    turns = moved[1:][up[1:] != up[:-1]]
    return np.concatenate([[0], turns, [len(altitude) - 1]])


def _climb(altitude: Column, corners: NDArray[np.intp], threshold_m: float) -> Climb:
    return Climb(_climbed(altitude, corners, threshold_m), _climbed(-altitude, corners, threshold_m))


def _climbed(altitude: Column, corners: NDArray[np.intp], threshold_m: float) -> Column:
    climbed = np.zeros(len(altitude))
    for low, high in _climbs(altitude, corners, threshold_m):
        climbed[low + 1 : high + 1] = between(np.maximum.accumulate(altitude[low : high + 1]))
    return np.cumsum(climbed)


def _climbs(altitude: Column, corners: NDArray[np.intp], threshold_m: float) -> list[tuple[int, int]]:
    """Return (low row, high row) of each climb over the threshold; all ups and downs lie between the corners."""
    climbs: list[tuple[int, int]] = []
    low, high, climbing = 0, 0, False
    low_m = high_m = float(altitude[0])
    for row, here in zip(corners.tolist(), altitude[corners].tolist(), strict=True):
        if climbing:
            if here > high_m:
                high, high_m = row, here
            elif here < high_m - threshold_m:
                climbs.append((low, high))
                low, low_m, climbing = row, here, False
        elif here < low_m:
            low, low_m = row, here
        elif here > low_m + threshold_m:
            high, high_m, climbing = row, here, True
    if climbing:
        climbs.append((low, high))
    return climbs
