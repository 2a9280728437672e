"""Distance: the Doppler speed integrated where it is known, else the way between smoothed positions."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.by_row import between, cumulated, known_rows, median_of
from paceline_server.formats.recording import Column

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
STANDING_M_S = 0.2  # Doppler noise of a receiver that stands still
FASTEST_M_S = 60.0  # between positions: faster is no way but a jump of the receiver, there and back again
FASTER_AT_FIRST, FASTEST_TOLD_M_S = 2.0, 15.0
LONGEST_STEP_S = 10.0  # over a longer gap the speed at its ends says little
SMOOTHING_ROWS = 5
DENSE_STEP_S = 1.5  # sparser positions are smoothed by who recorded them: smoothing anew would cut corners


def haversine_m(latitude_deg: Column, longitude_deg: Column) -> Column:
    """Return the distances between neighbouring positions: one fewer than positions."""
    return _ways_m(latitude_deg[:-1], longitude_deg[:-1], latitude_deg[1:], longitude_deg[1:])


def _ways_m(from_latitude: Column, from_longitude: Column, latitude: Column, longitude: Column) -> Column:
    start, end = np.radians(from_latitude), np.radians(latitude)
    across = np.sin(np.radians(longitude - from_longitude) / 2)
    half_chord = np.sin((end - start) / 2) ** 2 + np.cos(start) * np.cos(end) * across**2
    return 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))


def cumulative_distance_m(columns: Mapping[str, Column]) -> Column:
    """Return the distance since the start at every row; the source's own distance where it has one."""
    own = columns.get("distance_m")
    if own is not None and not np.isnan(own).all():
        return _filled(own, columns["time_s"])
    time_s = columns["time_s"]
    if len(time_s) == 0:
        return np.empty(0)
    steps = _steps_by_speed(time_s, columns["speed_m_s"])
    unknown = np.isnan(steps)
    if unknown.any():
        smooth = bool(unknown.all()) and median_of(between(time_s)) <= DENSE_STEP_S
        places = columns["latitude_deg"], columns["longitude_deg"]
        steps[unknown] = 0.0  # a row without either adds nothing
        steps += _steps_by_position(time_s, *places, unknown, smooth=smooth)
    return cumulated(steps)


def _steps_by_speed(time_s: Column, speed_m_s: Column) -> Column:
    if not (speed_m_s >= STANDING_M_S).any():  # some files hold zeros where they mean nothing
        return np.full(max(0, len(time_s) - 1), np.nan)
    speed = np.where(speed_m_s < STANDING_M_S, 0.0, speed_m_s)
    seconds = between(time_s)
    steps = (speed[:-1] + speed[1:]) / 2 * seconds
    return np.where(seconds <= LONGEST_STEP_S, steps, np.nan)


def _steps_by_position(
    time_s: Column, latitude_deg: Column, longitude_deg: Column, wanted: NDArray[np.bool_], *, smooth: bool
) -> Column:
    """Return the ways of the wanted steps, 0 for the others."""
    steps = np.zeros(len(latitude_deg) - 1)
    known = known_rows(latitude_deg)
    if len(known) > 1:
        latitude, longitude = latitude_deg[known], longitude_deg[known]
        if smooth:
            # Longitudes unwrapped: the mean of 179.9° and −179.9° is 180°.
            latitude, longitude = _smoothed(latitude), _smoothed(np.unwrap(longitude, period=360))
        ends = np.flatnonzero(wanted[known[1:] - 1]) + 1  # over a gap: all in its last step
        ways = _ways_m(latitude[ends - 1], longitude[ends - 1], latitude[ends], longitude[ends])
        ways[ways > FASTEST_M_S * (time_s[known[ends]] - time_s[known[ends - 1]])] = 0.0
        steps[known[ends] - 1] = ways
    return steps


def _smoothed(values: Column) -> Column:
    width = min(SMOOTHING_ROWS, len(values) - 1 | 1)
    if width < 3:
        return values
    half = width // 2
    middle = np.convolve(values, np.full(width, 1 / width), "valid")
    return np.concatenate([values[:half], middle, values[len(values) - half :]])


def _filled(own: Column, time_s: Column) -> Column:
    known = np.flatnonzero(~np.isnan(own))
    told = own[known]
    if known[0] and _began_at_zero(told, time_s[known] - time_s[0]):
        known, told = np.append(0, known), np.append(0.0, told)
    filled = np.interp(np.arange(len(own)), known, told)
    return np.maximum.accumulate(np.maximum(filled - filled[0], 0))


def _began_at_zero(told_m: Column, told_s: Column) -> bool:
    """Tell whether the way told first may have been made since the first row: some tell it at the end of a lap only.

    Else it is from before the recording, as in the later parts of a multisport file: far faster than what follows.
    """
    after_s = float(told_s[-1] - told_s[0])
    usual_m_s = float(told_m[-1] - told_m[0]) / after_s if after_s > 0 else FASTEST_TOLD_M_S
    return 0 < told_m[0] <= min(FASTER_AT_FIRST * usual_m_s, FASTEST_TOLD_M_S) * told_s[0]
