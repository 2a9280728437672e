"""The step counter's cost on real MicroPython (unix), on a recording's own samples."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.on_micropython import ESP32_S3_RATIO
from paceline_tools.bench.steps_counters import FIRMWARE
from paceline_tools.bench.steps_recordings import RATE_HZ

_SCRIPT = """
import gc, sys, time
from array import array
from wearable.signal.cadence import Cadence
rows = int(sys.argv[2])
samples = array("h", [0] * (3 * rows))
with open(sys.argv[1], "rb") as file:
    file.readinto(samples)

def count(cadence):
    for i in range(0, 3 * rows, 3):
        cadence.put(samples[i], samples[i + 1], samples[i + 2])

def main():
    gc.collect()
    before = gc.mem_alloc()
    cadence = Cadence()
    gc.collect()
    state = gc.mem_alloc() - before
    count(cadence)
    gc.collect()
    gc.disable()
    start = time.clock()  # CPU seconds
    before = gc.mem_alloc()
    count(cadence)
    taken = gc.mem_alloc() - before
    spent = time.clock() - start
    print('{"sample_us": %f, "state_bytes": %d, "allocated_bytes": %d, "steps": %d}'
        % (1e6 * spent / rows, state, taken, cadence.steps))

main()
"""


@dataclass(frozen=True)
class StepCost:
    """CPU microseconds per sample, heap of a counter, heap taken by a pass over all samples, steps of two passes."""

    sample_us: float
    state_bytes: int
    allocated_bytes: int
    steps: int

    @property
    def duty(self) -> float:
        """The modelled share of an ESP32-S3's time."""
        return self.sample_us * ESP32_S3_RATIO * RATE_HZ / 1e6


def measure_steps(samples: NDArray[np.int64], runs: int = 5) -> StepCost:
    """Return the cost of counting these samples under MicroPython, the fastest of some runs."""
    micropython = Path(sys.executable).with_name("micropython")
    with tempfile.TemporaryDirectory() as folder:
        script, data = Path(folder) / "count.py", Path(folder) / "samples.bin"
        script.write_text(_SCRIPT)
        data.write_bytes(samples.astype("<i2").tobytes())
        command = [str(micropython), str(script), str(data), str(len(samples))]
        costs = []
        for _ in range(runs):
            done = subprocess.run(
                command, env={"MICROPYPATH": str(FIRMWARE)}, capture_output=True, text=True, check=True, timeout=60
            )
            costs.append(StepCost(**json.loads(done.stdout)))
    return min(costs, key=lambda cost: cost.sample_us)
