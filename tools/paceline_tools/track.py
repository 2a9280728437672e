"""A recording as the sensors of a virtual wearable feel it: one row a second, and what a perfect wearable logs of it.

The file: `PTRK`, u32 number of rows, then rows of 22 bytes, little-endian, as in ROW; seconds ascend from 0.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from paceline_protocol.sample import COLUMNS
from paceline_server.formats.recording import Column, Recording

MAGIC = b"PTRK"
ROW = np.dtype(
    [
        ("second", "<u4"),
        ("latitude_e7", "<i4"),
        ("longitude_e7", "<i4"),
        ("altitude_mm", "<i4"),
        ("speed_mm_s", "<u2"),
        ("fix", "u1"),  # 0 none, 2 without altitude, 3 full
        ("heart_rate_bpm", "u1"),  # 0 none
        ("cadence_spm", "u1"),  # steps of both feet, or turns of the crank; Recording has them so already
        ("reserved", "u1"),
    ]
)
EARTH_RADIUS_M = 6_371_008.8
SPEED_WINDOW_S = 2
LONGEST_FILLED_S = 10

Track = NDArray[np.void]
"""A one-dimensional array of ROW."""


def to_track(recording: Recording, longest_filled_s: int = LONGEST_FILLED_S) -> Track:
    """Return one row for each second of the recording.

    Times are rounded to seconds (of two in the same second the first stays). Gaps of at most `longest_filled_s` are
    filled by straight lines, as a receiver would have gone on; in longer ones no rows exist. A missing speed is derived
    from the positions.
    """
    second = np.rint(recording.columns["time_s"]).astype(np.int64)
    second, rows = np.unique(second - (second[0] if len(second) else 0), return_index=True)
    columns = {name: values[rows] for name, values in recording.columns.items()}
    if np.isnan(columns["speed_m_s"]).any():
        derived = speed_from_positions(second, columns["latitude_deg"], columns["longitude_deg"])
        columns["speed_m_s"] = np.where(np.isnan(columns["speed_m_s"]), derived, columns["speed_m_s"])
    grid = _filled(second, longest_filled_s)
    return _rows(grid, {name: _between(grid, second, columns[name], longest_filled_s) for name in _USED})


_USED = ("latitude_deg", "longitude_deg", "altitude_m", "speed_m_s", "heart_rate_bpm", "cadence_spm")


def _filled(second: NDArray[np.int64], longest_filled_s: int) -> NDArray[np.int64]:
    """All seconds, without the inside of long gaps."""
    if not len(second):
        return second
    every = np.arange(second[-1] + 1)
    before = second[np.searchsorted(second, every, side="right") - 1]
    after = second[np.searchsorted(second, every)]
    return every[after - before <= longest_filled_s]


def _between(grid: NDArray[np.int64], second: NDArray[np.int64], values: Column, longest_s: int) -> Column:
    """Values at the seconds of the grid, on straight lines over short gaps; missing further from a known value."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return np.full(len(grid), np.nan)
    times = second[known]
    line = np.interp(grid, times, values[known])
    after = np.searchsorted(times, grid).clip(max=len(times) - 1)
    before = (np.searchsorted(times, grid, side="right") - 1).clip(min=0)
    inside = (times[before] <= grid) & (grid <= times[after]) & (times[after] - times[before] <= longest_s)
    given = np.isin(grid, second)
    own = np.full(len(grid), np.nan)
    own[given] = values
    return np.where(given, own, np.where(inside, line, np.nan))


def _rows(grid: NDArray[np.int64], columns: dict[str, Column]) -> Track:
    track = np.zeros(len(grid), dtype=ROW)
    has_position = np.isfinite(columns["latitude_deg"])
    has_altitude = np.isfinite(columns["altitude_m"])
    track["second"] = grid
    track["fix"] = np.where(has_position, np.where(has_altitude, 3, 2), 0)
    track["latitude_e7"] = _integer(columns["latitude_deg"] * 1e7, has_position)
    track["longitude_e7"] = _integer(columns["longitude_deg"] * 1e7, has_position)
    track["altitude_mm"] = _integer(columns["altitude_m"] * 1e3, has_position)
    track["speed_mm_s"] = _integer(columns["speed_m_s"] * 1e3, has_position, 0xFFFF)
    track["heart_rate_bpm"] = _integer(columns["heart_rate_bpm"], None, 0xFF)
    track["cadence_spm"] = _integer(columns["cadence_spm"], None, 0xFF)
    return track


def _integer(values: Column, held: NDArray[np.bool_] | None, highest: int = 2**31 - 1) -> NDArray[np.int64]:
    """Rounded; missing becomes 0, or the last value before at which `held` was true (the first one, at the head)."""
    if held is not None and (held & np.isfinite(values)).any():
        good = np.flatnonzero(held & np.isfinite(values))
        values = values[good[(np.searchsorted(good, np.arange(len(values)), side="right") - 1).clip(min=0)]]
    return np.rint(np.nan_to_num(values)).clip(-highest - 1, highest).astype(np.int64)


def speed_from_positions(second: NDArray[np.int64], latitude_deg: Column, longitude_deg: Column) -> Column:
    """Metres per second over a window of ± SPEED_WINDOW_S; missing where there are no positions."""
    known = np.flatnonzero(np.isfinite(latitude_deg))
    speed = np.full(len(second), np.nan)
    if len(known) < 2:
        speed[known] = 0
        return speed
    time = second[known].astype(np.float64)
    latitude, longitude = np.radians(latitude_deg[known]), np.radians(longitude_deg[known])
    east = np.diff(longitude) * np.cos((latitude[1:] + latitude[:-1]) / 2)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(east, np.diff(latitude)) * EARTH_RADIUS_M)])
    low = np.maximum(time - SPEED_WINDOW_S, time[0])
    high = np.minimum(time + SPEED_WINDOW_S, time[-1])
    speed[known] = (np.interp(high, time, way) - np.interp(low, time, way)) / (high - low)
    return speed


def pack_track(track: Track) -> bytes:
    """Return the bytes of a TRACK file."""
    return MAGIC + len(track).to_bytes(4, "little") + np.ascontiguousarray(track, dtype=ROW).tobytes()


def unpack_track(data: bytes) -> Track:
    """Return the rows of a TRACK file; ValueError says what is wrong with it."""
    count = int.from_bytes(data[4:8], "little")
    if data[:4] != MAGIC or len(data) != 8 + count * ROW.itemsize:
        raise ValueError(f"no TRACK of {count} rows: {len(data)} bytes beginning with {data[:4]!r}")
    track = np.frombuffer(data, dtype=ROW, offset=8)
    if count and (track["second"][0] != 0 or (np.diff(track["second"].astype(np.int64)) <= 0).any()):
        raise ValueError("the seconds of a TRACK ascend from 0")
    return track


def expected_samples(track: Track) -> dict[str, NDArray[np.int64]]:
    """Return what a perfect wearable logs of the track: the protocol's columns, t_s counted from the first row.

    Positions are rounded to 1e-6 degree, altitude to 0.2 m, speed to cm/s, halves upwards; where there is no
    fix (0) position, altitude and speed count as missing and are not to be compared. Confidence is 3 where there is a
    pulse.
    """
    wide = {name: track[name].astype(np.int64) for name in ROW.names or ()}
    samples: dict[str, NDArray[Any]] = {
        "t_s": wide["second"],
        "fix": wide["fix"],
        "latitude_udeg": _halves_up(wide["latitude_e7"], 10),
        "longitude_udeg": _halves_up(wide["longitude_e7"], 10),
        "altitude_2dm": _halves_up(wide["altitude_mm"], 200),
        "speed_cm_s": _halves_up(wide["speed_mm_s"], 10),
        "heart_rate_bpm": wide["heart_rate_bpm"],
        "heart_rate_confidence": np.where(wide["heart_rate_bpm"] > 0, 3, 0),
        "cadence_spm": wide["cadence_spm"],
    }
    return {name: samples[name].clip(low, high) for name, low, high in COLUMNS}


def _halves_up(values: NDArray[np.int64], unit: int) -> NDArray[np.int64]:
    return (values + unit // 2) // unit
