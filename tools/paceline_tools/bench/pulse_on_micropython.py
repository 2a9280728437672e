"""The firmware's heart rate on real MicroPython (unix): the file that is flashed, fed with a recording."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.pulse_recordings import Recording

FIRMWARE = Path(__file__).resolve().parents[3] / "firmware"

_SCRIPT = """
import gc, sys, time
from array import array
seconds = int(sys.argv[3])
light = array("i", [0] * (25 * seconds))
motion = array("h", [0] * (78 * seconds))
answers = bytearray(3 * seconds)
with open(sys.argv[1], "rb") as file:
    file.readinto(light)
    file.readinto(motion)

def allocated():
    gc.collect()
    return gc.mem_alloc()

def follow(heart):
    for second in range(seconds):
        for i in range(78 * second, 78 * second + 78, 3):
            heart.move(motion[i], motion[i + 1], motion[i + 2])
        for i in range(25 * second, 25 * second + 25):
            heart.put(light[i])
        answers[3 * second] = heart.bpm
        answers[3 * second + 1] = heart.confidence
        answers[3 * second + 2] = heart.worn

def main():
    from wearable.signal.heart_rate import HeartRate
    before = allocated()
    heart = HeartRate()
    state = allocated() - before
    gc.disable()
    start = time.clock()  # CPU seconds
    follow(heart)
    spent = 1e6 * (time.clock() - start)
    print('{"state_bytes": %d, "cpu_us": %f}' % (state, spent / seconds))
    with open(sys.argv[2], "wb") as file:
        file.write(answers)

main()
"""


@dataclass(frozen=True)
class Followed:
    """Rate (0 none), confidence and worn after each second; heap bytes of the state; CPU microseconds a second."""

    bpm: NDArray[np.int32]
    confidence: NDArray[np.int32]
    worn: NDArray[np.bool_]
    state_bytes: int
    cpu_us: float


def follow(recording: Recording) -> Followed:
    """Feed the recording to the firmware, each second's motion before its light."""
    seconds = min(len(recording.light) // 25, len(recording.motion) // 26)
    micropython = Path(sys.executable).with_name("micropython")
    with tempfile.TemporaryDirectory() as folder:
        script, data, answers = (Path(folder) / name for name in ("follow.py", "samples.bin", "answers.bin"))
        script.write_text(_SCRIPT)
        light = recording.light[: 25 * seconds].astype("<i4").tobytes()
        data.write_bytes(light + recording.motion[: 26 * seconds].astype("<i2").tobytes())
        done = subprocess.run(
            [str(micropython), str(script), str(data), str(answers), str(seconds)],
            env={"MICROPYPATH": f".frozen:{FIRMWARE}"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        table = np.frombuffer(answers.read_bytes(), np.uint8).reshape(-1, 3).astype(np.int32)
    return Followed(table[:, 0], table[:, 1], table[:, 2] > 0, **json.loads(done.stdout))
