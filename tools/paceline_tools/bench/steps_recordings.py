"""Accelerometer recordings with counted steps, as the wearable's accelerometer would have sampled them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 26
LSB_PER_G = 4098
_STANDARD_GRAVITY_MS2 = 9.80665
_COUNTS_PER_G = 16384  # of the wrist recordings, magnitude only
_AVERAGED_FROM_HZ = 60.0

# Half of each kind: what was tuned on; the rest was held out.
_TUNED_ON = (
    *("fast-walking-bf", "normal-walking-bf", "slow-walking-bf", "fast-walking2", "normal-walking2", "slow-walking2"),
    *("bw2_pc-working1", "bw2_pc-working3", "bw4_pc-working2", "bw4_pc-working6", "desk-working2", "dressing2"),
    *("Nexus_Jamie_Hard_InHand", "Pixel_Jamie_Hard_Armband", "Samsung_Carmelo_Hard_FrontPocket"),
    *("user1_backpocket", "user1_armband", "user1_neckpouch"),
)


@dataclass(frozen=True)
class StepRecording:
    """`kind` is slow, normal, fast (walks on the wrist), phone (a walk), desk or busy; `samples` int rows x, y, z at
    26 Hz in the LSM6DSOX's LSB; `steps` as the recording's source gives them; `shoe_spm` the cadence of instrumented
    shoes where there are some."""

    name: str
    kind: str
    tuned_on: bool
    steps: int
    samples: NDArray[np.int64]
    shoe_spm: float | None

    @property
    def minutes(self) -> float:
        """Its length."""
        return len(self.samples) / (60 * RATE_HZ)

    @property
    def walk(self) -> bool:
        """Whether the steps were to be counted, not to be avoided."""
        return self.kind not in ("desk", "busy")


def read_recordings(folder: Path) -> Iterator[StepRecording]:
    """Yield category D of the folder's manifest."""
    items: list[dict[str, Any]] = json.loads((folder / "MANIFEST.json").read_text())["items"]
    for item in items:
        if item["category"] != "D":
            continue
        name = Path(item["path"]).stem
        with np.load(folder / item["path"]) as arrays:
            yield StepRecording(
                name=name,
                kind=_kind(name),
                tuned_on=any(part in name for part in _TUNED_ON),
                steps=int(item["steps_truth"]),
                samples=_samples(arrays),
                shoe_spm=_shoe_spm(arrays) if "foot_lr" in arrays else None,
            )


def resample(t_s: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the columns at 26 Hz: means over a sample's time where there are more samples, else straight lines."""
    order = np.argsort(t_s, kind="stable")
    t_s, values = t_s[order] - t_s[order[0]], values[order]
    grid = np.arange(int(t_s[-1] * RATE_HZ)) / RATE_HZ
    if len(t_s) / t_s[-1] < _AVERAGED_FROM_HZ:
        return np.stack([np.interp(grid, t_s, column) for column in values.T], axis=1)
    edges = np.append(grid, grid[-1] + 1 / RATE_HZ) - 0.5 / RATE_HZ
    steps = np.diff(t_s)
    columns = [np.append(0.0, np.cumsum((column[1:] + column[:-1]) / 2 * steps)) for column in values.T]
    return np.stack([np.diff(np.interp(edges, t_s, column)) * RATE_HZ for column in columns], axis=1)


def _samples(arrays: Any) -> NDArray[np.int64]:
    t_s = arrays["t_s"].astype(np.float64)
    if "mag" in arrays:
        # The axes are not known: the magnitude is given as one of them, which is all the same to the step counter.
        size = resample(t_s, arrays["mag"].astype(np.float64)[:, None] / _COUNTS_PER_G)
        in_g = np.concatenate([size, np.zeros((len(size), 2))], axis=1)
    else:
        in_g = resample(t_s, arrays["acc_ms2"].astype(np.float64) / _STANDARD_GRAVITY_MS2)
    return np.clip(np.rint(in_g * LSB_PER_G), -32768, 32767).astype(np.int64)


def _kind(name: str) -> str:
    if name.startswith("oxford"):
        return "phone"
    for kind in ("slow", "normal", "fast"):
        if f"{kind}-walking" in name:
            return kind
    return "desk" if "-working" in name else "busy"


def _shoe_spm(arrays: Any) -> float:
    """Twice the median rate of one foot's contacts; contacts within half a second are one."""
    rates: list[float] = []
    for foot in arrays["foot_lr"].T > 0:
        times = arrays["foot_t_s"][1:][foot[1:] & ~foot[:-1]].astype(np.float64)
        kept = [times[0]]
        for time in times[1:]:
            if time - kept[-1] > 0.5:
                kept.append(time)
        rates.append(float(120 / np.median(np.diff(kept))))
    return sum(rates) / len(rates)
