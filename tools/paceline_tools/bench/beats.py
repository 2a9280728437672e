"""`python -m paceline_tools.bench.beats [FOLDER]`: times between beats beside those of an ECG or another sensor.

The recordings are the heart rate's; the file that is flashed follows them on MicroPython. An interval is compared with
the reference's that ends at the beat nearest to its own end, once the sensor's delay against the reference is known:
the one delay that brings all beats nearest, or for Polar, whose intervals stand at the time they were reported, the one
that makes intervals most alike.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.pulse_on_micropython import FIRMWARE
from paceline_tools.bench.pulse_recordings import SOURCES, Numbers, Recording, load, start_of

AT_REST = ("polar_verity_sense_biobss", "bidmc01_finger_icu")
GOAL_MS = 20
FAR_MS = 50
_LONGEST_REPORT_S = 20
_STEP_S = 0.01

_SCRIPT = """
import sys
from array import array
from wearable.signal.beats import Beats
from wearable.signal.heart_rate import HeartRate
seconds = int(sys.argv[3])
light = array("i", [0] * (25 * seconds))
motion = array("h", [0] * (78 * seconds))
with open(sys.argv[1], "rb") as file:
    file.readinto(light)
    file.readinto(motion)
now = 0
found = array("i")

def take(interval):
    found.append(now)
    found.append(interval)

heart = HeartRate()
beats = Beats(take)
heart.tell(beats)
for second in range(seconds):
    for i in range(78 * second, 78 * second + 78, 3):
        heart.move(motion[i], motion[i + 1], motion[i + 2])
    for now in range(25 * second, 25 * second + 25):
        heart.put(light[now])
with open(sys.argv[2], "wb") as file:
    file.write(found)
"""


@dataclass(frozen=True)
class Intervals:
    """Ends of intervals in seconds of the recording, and their lengths in milliseconds, 0 where not sure."""

    end_s: Numbers
    length_ms: Numbers


def follow(recording: Recording) -> Intervals:
    """Return what the firmware finds; ends are those at which it said so, up to a beat late."""
    seconds = min(len(recording.light) // 25, len(recording.motion) // 26)
    with tempfile.TemporaryDirectory() as folder:
        script, data, answers = (Path(folder) / name for name in ("beats.py", "samples.bin", "beats.bin"))
        script.write_text(_SCRIPT)
        light = recording.light[: 25 * seconds].astype("<i4").tobytes()
        data.write_bytes(light + recording.motion[: 26 * seconds].astype("<i2").tobytes())
        subprocess.run(
            [str(Path(sys.executable).with_name("micropython")), str(script), str(data), str(answers), str(seconds)],
            env={"MICROPYPATH": f".frozen:{FIRMWARE}"},
            check=True,
            timeout=120,
        )
        table = np.frombuffer(answers.read_bytes(), np.int32).reshape(-1, 2)
    return Intervals(table[:, 0] / 25, table[:, 1] * 1000 / 1024)


def reference(folder: Path, recording: Recording) -> Intervals:
    """Return the reference's intervals, NaN where it is not sure itself; no lengths where there are no beats."""
    arrays = dict(np.load(folder / f"{recording.source.name}.npz"))
    start_s = start_of(arrays)
    if "ppi_ms" in arrays:
        length_ms = np.where(arrays["ppi_blocker"] == 0, arrays["ppi_ms"].astype(float), np.nan)
        ends_s = arrays["ppi_t"][0] + np.concatenate([[0.0], np.cumsum(arrays["ppi_ms"][1:]) / 1000])
        return Intervals(ends_s - start_s, length_ms)
    ends_s = arrays["rpeaks"] / float(arrays["fs"]) - start_s
    return Intervals(ends_s[1:], np.diff(ends_s) * 1000)


def errors_ms(ours: Intervals, theirs: Intervals) -> NDArray[np.float64]:
    """Return the differences of the sure intervals, at the delay at which they are most alike."""
    sure = ours.length_ms > 0
    best = np.array([np.inf])
    for delay_s in np.arange(-_LONGEST_REPORT_S, 2, _STEP_S):
        nearest = np.abs(theirs.end_s[None, :] - (ours.end_s[sure] - delay_s)[:, None]).argmin(axis=1)
        errors = np.abs(ours.length_ms[sure] - theirs.length_ms[nearest])
        errors = errors[np.isfinite(errors)]
        if len(errors) and np.median(errors) < np.median(best):
            best = errors
    return best


def main() -> int:
    """Print the table; return 1 when the goal is missed."""
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = (Path(sys.argv[1]) if len(sys.argv) > 1 else default) / "ppg"
    print(f"{'times between beats (ms)':42}{'reference':>10}{'sure':>7}{'unsure':>8}{'mean error':>12}", end="")
    print(f"{'median':>8}{'beyond ' + str(FAR_MS):>11}")
    reached = True
    for source in SOURCES:
        if source.name not in AT_REST:
            continue
        recording = load(folder, source)
        ours, theirs = follow(recording), reference(folder, recording)
        errors = errors_ms(ours, theirs)
        unsure = int((ours.length_ms == 0).sum())
        print(f"{source.name:42}{len(theirs.end_s):10}{len(errors):7}{unsure:8}{errors.mean():12.1f}", end="")
        print(f"{np.median(errors):8.1f}{100 * (errors > FAR_MS).mean():9.1f} %")
        reached = reached and float(errors.mean()) <= GOAL_MS
    print(f"goal, at rest: mean error {GOAL_MS} ms: {'reached' if reached else 'missed'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
