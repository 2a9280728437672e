"""What the sensors were given beside what the server holds, second by second of UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from paceline_tools.track import Track, expected_samples

COLUMNS = ("latitude_deg", "longitude_deg", "altitude_m", "speed_m_s", "heart_rate_bpm", "cadence_spm")
UNITS = {"latitude_udeg": 1e-6, "longitude_udeg": 1e-6, "altitude_2dm": 0.2, "speed_cm_s": 0.01}


@dataclass(frozen=True)
class Held:
    """The server's samples: UTC seconds, and columns of the same length with NaN for missing."""

    utc_s: NDArray[np.int64]
    columns: Mapping[str, NDArray[np.float64]]

    @classmethod
    def of(cls, activity: Mapping[str, Any], streams: Mapping[str, Any]) -> "Held":
        """Take what the API answered."""
        time_s = np.array(streams["time_s"], dtype=np.float64)
        utc_s = np.rint(time_s + activity["start_utc_s"]).astype(np.int64)
        return cls(utc_s, {name: np.array(streams[name], dtype=np.float64) for name in COLUMNS})


def missing_seconds(track: Track, start_utc_s: int, held: Held) -> NDArray[np.int64]:
    """Return the track's seconds (UTC) of which the server has no sample."""
    return np.setdiff1d(track["second"].astype(np.int64) + start_utc_s, held.utc_s)


def differences(track: Track, start_utc_s: int, held: Held) -> list[str]:
    """Compare every second that both have, to the unit in which the journal keeps it; return what differs."""
    expected = expected_samples(track)
    utc_s = expected["t_s"] + start_utc_s
    _, ours, theirs = np.intersect1d(utc_s, held.utc_s, return_indices=True)
    fix = expected["fix"][ours] > 0
    found = []
    for column, (name, unit) in zip(COLUMNS, UNITS.items(), strict=False):
        values = held.columns[column][theirs]
        wrong = np.where(fix, np.abs(values - expected[name][ours] * unit) > unit / 1000, np.isfinite(values))
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            want = expected[name][ours][at] * unit if fix[at] else "nothing"
            found.append(
                f"{column}: {wrong.sum()} of {len(wrong)} differ, first at {utc_s[ours][at]}: {values[at]}, not {want}"
            )
    return found


def heart_rate_errors_bpm(track: Track, start_utc_s: int, held: Held, settle_s: int = 30) -> NDArray[np.float64]:
    """Return the absolute error of every second with a heart rate on both sides, after the first seconds."""
    utc_s = track["second"].astype(np.int64) + start_utc_s
    _, ours, theirs = np.intersect1d(utc_s, held.utc_s, return_indices=True)
    given = track["heart_rate_bpm"][ours].astype(np.float64)
    measured = held.columns["heart_rate_bpm"][theirs]
    both = (given > 0) & np.isfinite(measured) & (track["second"][ours] >= settle_s)
    return np.abs(measured - given)[both]
