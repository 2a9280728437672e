"""PPG recordings with a reference heart rate, brought to what the wearable's sensors would have given.

Light is averaged over the 40 ms of each sample, as a MAX30101 averages (datasheet, SMP_AVE); acceleration over 1/26 s.
Exported units are mapped to 18-bit counts by one gain and one level per data set; nothing is filtered.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

LIGHT_RATE_HZ = 25
MOTION_RATE_HZ = 26
WINDOW_S = 8
_LSB_G = 0.000244
_GRAVITY_MS2 = 9.80665

Numbers: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """One recording: file, whether it was tuned on, gain and level of its light, lateness of its reference.

    `tuned` is yes, no, or seen: a rule of the firmware goes back to what a first, wrong run on it showed.
    """

    name: str
    kind: str
    tuned: str
    gain: float
    level: float
    late_s: int = 0


# Polar's rate is that of its own optical sensor and is stamped late: both plain baselines, which know nothing of our
# filter, agree with it best when it is read eight seconds later. Read at once it costs every method about 0.8 bpm.
SOURCES = (
    Source("polar_verity_sense_biobss", "rest", "yes", 0.5, 0, late_s=8),
    Source("bidmc01_finger_icu", "rest", "no", 20_000, 90_000),
    Source("challenge2015_v102s", "rest", "no", 2_000, 90_000),
    Source("ppg_dalia_S6_stairs", "motion", "yes", 10, 100_000),
    Source("physionet_wrist_s1_low_resistance_bike", "motion", "yes", 50, 0),
    Source("physionet_wrist_s1_high_resistance_bike", "motion", "no", 50, 0),
    Source("physionet_wrist_s1_walk", "motion", "seen", 50, 0),
)


@dataclass(frozen=True)
class Recording:
    """Light (counts at 25 Hz), motion (LSB at 26 Hz, three columns) and the reference after each whole second.

    `reference_bpm[s]` is the mean over the eight seconds that end at second s + 1; NaN where the reference is unsure.
    """

    source: Source
    light: NDArray[np.int32]
    motion: NDArray[np.int32]
    reference_bpm: Numbers


def averaged(t_s: Numbers, values: Numbers, rate_hz: float, start_s: float, end_s: float) -> Numbers:
    """Return the mean of the line through the points over each 1/rate; points that are not numbers are left out."""
    known = np.isfinite(values)
    t_s, values = t_s[known], values[known]
    area = np.concatenate([[0.0], np.cumsum((values[1:] + values[:-1]) / 2 * np.diff(t_s))])
    edges = start_s + np.arange(int((end_s - start_s) * rate_hz) + 1) / rate_hz
    before = np.clip(np.searchsorted(t_s, edges, "right") - 1, 0, len(t_s) - 2)
    past = edges - t_s[before]
    slope = (values[before + 1] - values[before]) / (t_s[before + 1] - t_s[before])
    return np.diff(area[before] + values[before] * past + slope * past * past / 2) * rate_hz


def load(folder: Path, source: Source) -> Recording:
    """Read a recording of the folder `ppg`; a recording without acceleration (a bed) lies still at 1 g."""
    arrays = dict(np.load(folder / f"{source.name}.npz"))
    light_s, light = _light(arrays)
    motion_s, motion_g = _motion(arrays, light_s)
    start_s = start_of(arrays)
    end_s = np.floor(min(light_s[-1], motion_s[-1]))
    counts = source.level + source.gain * averaged(light_s, light, LIGHT_RATE_HZ, start_s, end_s)
    axes = [averaged(motion_s, axis, MOTION_RATE_HZ, start_s, end_s) / _LSB_G for axis in motion_g.T]
    return Recording(
        source,
        np.clip(np.round(counts), 0, 262_143).astype(np.int32),
        np.clip(np.round(np.column_stack(axes)), -32_768, 32_767).astype(np.int32),
        _reference(arrays, start_s, int(end_s - start_s), source.late_s),
    )


def start_of(arrays: dict[str, np.ndarray]) -> float:
    """Return the second of the arrays at which a loaded recording begins."""
    light_s, _ = _light(arrays)
    motion_s, _ = _motion(arrays, light_s)
    return float(np.ceil(max(light_s[0], motion_s[0])))


def _light(arrays: dict[str, np.ndarray]) -> tuple[Numbers, Numbers]:
    if "ppg3" in arrays:  # three channels and ambient light
        return arrays["ppg_t"], arrays["ppg3"][:, :3].mean(axis=1).astype(float)
    return np.arange(len(arrays["ppg"])) / float(arrays["fs"]), arrays["ppg"].astype(float)


def _motion(arrays: dict[str, np.ndarray], light_s: Numbers) -> tuple[Numbers, Numbers]:
    if "acc_mg" in arrays:
        return arrays["acc_t"], arrays["acc_mg"] / 1000
    if "acc_g" in arrays:
        return light_s, arrays["acc_g"].astype(float)
    if "acc_ms2" in arrays:
        return light_s, arrays["acc_ms2"] / _GRAVITY_MS2
    return light_s, np.tile([0.0, 0.0, 1.0], (len(light_s), 1))


def _reference(arrays: dict[str, np.ndarray], start_s: float, seconds: int, late_s: int) -> Numbers:
    ends = np.arange(1, seconds + 1)
    bpm = arrays["ref_hr"].astype(float)
    if "ref_t0" in arrays:
        # Windows of eight seconds, two seconds apart; a second between two windows needs both.
        bpm = np.where(arrays["ref_ok"], bpm, np.nan)
        return np.interp(ends, arrays["ref_t0"] + WINDOW_S, bpm, left=np.nan, right=np.nan)
    known = np.isfinite(bpm)
    each = np.interp(ends + start_s + late_s, arrays["ref_t"][known], bpm[known], right=np.nan)
    mean = np.convolve(each, np.ones(WINDOW_S) / WINDOW_S)[:seconds]
    mean[: WINDOW_S - 1] = np.nan
    return mean
