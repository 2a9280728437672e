"""The firmware's step counter and two plain ones, all on the same samples."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.steps_recordings import LSB_PER_G, RATE_HZ

FIRMWARE = Path(__file__).resolve().parents[3] / "firmware"

# Both tuned on the tuning half of the walks and of the rest together, by the mean error that the bench prints.
_PEAK_G, _PEAK_APART = 0.16, 8
_CROSSING_G = 0.14

_SCRIPT = f"""
import sys
from array import array
from wearable.signal.cadence import Cadence
cadence = Cadence()
counted = array("i")
row = array("h", [0, 0, 0])
with open(sys.argv[1], "rb") as file:
    i = 0
    while file.readinto(row) == 6:
        cadence.put(row[0], row[1], row[2])
        i += 1
        if i % {RATE_HZ} == 0:
            counted.append(cadence.spm)
counted.append(cadence.steps)
with open(sys.argv[2], "wb") as file:
    file.write(counted)
"""


@dataclass(frozen=True)
class Counted:
    """Steps in all, and the cadence of every second."""

    steps: int
    spm: NDArray[np.int64]


def firmware_count(samples: NDArray[np.int64]) -> Counted:
    """Count with the file that is flashed, on MicroPython."""
    with tempfile.TemporaryDirectory() as folder:
        script, data, answers = (Path(folder) / name for name in ("count.py", "samples.bin", "counted.bin"))
        script.write_text(_SCRIPT)
        data.write_bytes(samples.astype("<i2").tobytes())
        subprocess.run(
            [str(Path(sys.executable).with_name("micropython")), str(script), str(data), str(answers)],
            env={"MICROPYPATH": f".frozen:{FIRMWARE}"},
            check=True,
            timeout=300,
        )
        told = np.frombuffer(answers.read_bytes(), np.int32).astype(np.int64)
    return Counted(int(told[-1]), told[:-1])


def peak_count(samples: NDArray[np.int64], height_g: float = _PEAK_G, apart: int = _PEAK_APART) -> int:
    """Count the local maxima of the smoothed magnitude above a height, `apart` samples or more from the last."""
    moving = _moving_g(samples)
    steps = 0
    last = -apart
    for i in range(1, len(moving) - 1):
        if moving[i] > height_g and moving[i - 1] < moving[i] >= moving[i + 1] and i - last >= apart:
            steps += 1
            last = i
    return steps


def crossing_count(samples: NDArray[np.int64], threshold_g: float = _CROSSING_G) -> int:
    """Count how often the smoothed magnitude rises through a threshold after it was below minus the threshold."""
    steps = 0
    armed = False
    for value in _moving_g(samples):
        if value < -threshold_g / 2:
            armed = True
        elif armed and value > threshold_g:
            armed = False
            steps += 1
    return steps


def _moving_g(samples: NDArray[np.int64]) -> NDArray[np.float64]:
    size = np.linalg.norm(samples, axis=1) / LSB_PER_G
    smooth = np.convolve(size, np.ones(3) / 3, "same")
    return smooth - np.convolve(size, np.ones(RATE_HZ) / RATE_HZ, "same")
