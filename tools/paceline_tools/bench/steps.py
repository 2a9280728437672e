"""`python -m paceline_tools.bench.steps [FOLDER]`: steps and cadence of the firmware beside two plain counters.

Each recording of the accelerometer corpus is brought to 26 Hz and counted by the file that is flashed. Steps of walks
are compared with the count that came with the recording; elsewhere every step above that count is a false one.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.steps_counters import crossing_count, firmware_count, peak_count
from paceline_tools.bench.steps_device import measure_steps
from paceline_tools.bench.steps_recordings import RATE_HZ, StepRecording, read_recordings
from paceline_tools.bench.steps_run import runs

WRIST = ("slow", "normal", "fast")
GOAL_WRIST, GOAL_PHONE = 5.0, 1.0  # per cent, median
GOAL_DESK, GOAL_BUSY = 2.0, 30.0  # false steps a minute
GOAL_RUN_SPM = 2.0
GOAL_DUTY, GOAL_STATE_BYTES = 0.03, 6 * 1024
_SETTLED_S = 15
_DEVICE_SAMPLES = 60 * RATE_HZ
_COUNTERS = ("firmware", "peaks", "crossings")


@dataclass(frozen=True)
class Row:
    """A recording with what each of _COUNTERS counted, and the firmware's cadence by second."""

    recording: StepRecording
    counts: tuple[int, ...]
    spm: NDArray[np.int64]

    def error(self, counter: int) -> float:
        """Per cent of the given steps for a walk, false steps a minute elsewhere."""
        more = self.counts[counter] - self.recording.steps
        return 100 * more / self.recording.steps if self.recording.walk else max(0, more) / self.recording.minutes


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    recordings = sorted(read_recordings(Path(sys.argv[1]) if len(sys.argv) > 1 else default), key=_order)
    rows = [_row(recording) for recording in recordings]
    _print_rows(rows)
    _print_groups(rows)
    _print_cadence(rows)
    return 0 if _print_goals(rows) else 1


def _order(recording: StepRecording) -> tuple[int, str]:
    return (*WRIST, "phone", "desk", "busy").index(recording.kind), recording.name


def _row(recording: StepRecording) -> Row:
    counted = firmware_count(recording.samples)
    samples = recording.samples
    return Row(recording, (counted.steps, peak_count(samples), crossing_count(samples)), counted.spm)


def _print_rows(rows: Sequence[Row]) -> None:
    print(
        "Steps given and counted. half: T tuned on, H held out. Error of walks in per cent, else false steps a minute."
    )
    print(f"\n{'recording':<48}{'kind':<7}{'half':<5}{'given':>6}", end="")
    print("".join(f"{name:>10}{'error':>8}" for name in _COUNTERS))
    for row in rows:
        recording = row.recording
        half = "T" if recording.tuned_on else "H"
        print(f"{recording.name[:47]:<48}{recording.kind:<7}{half:<5}{recording.steps:>6}", end="")
        print("".join(f"{count:>10}{row.error(i):>+8.1f}" for i, count in enumerate(row.counts)))


def _print_groups(rows: Sequence[Row]) -> None:
    print(f"\n{'median size of the error (mean in brackets)':<61}{'n':>5}", end="")
    print("".join(f"{name:>18}" for name in _COUNTERS))
    for label, kinds in (*((kind, (kind,)) for kind in WRIST), ("wrist", WRIST), *_OTHERS):
        for half, tuned_on in (("all", None), ("tuned on", True), ("held out", False)):
            chosen = _chosen(rows, kinds, tuned_on)
            print(f"{label:<48}{half:<13}{len(chosen):>5}", end="")
            sizes = np.abs([[row.error(i) for i in range(len(_COUNTERS))] for row in chosen])
            print("".join(f"{m:>10.1f} ({a:>5.1f})" for m, a in zip(np.median(sizes, 0), sizes.mean(0), strict=True)))


_OTHERS = (("phone", ("phone",)), ("desk", ("desk",)), ("busy", ("busy",)))


def _chosen(rows: Sequence[Row], kinds: Sequence[str], tuned_on: bool | None = None) -> list[Row]:
    halves = (True, False) if tuned_on is None else (tuned_on,)
    return [row for row in rows if row.recording.kind in kinds and row.recording.tuned_on in halves]


def _print_cadence(rows: Sequence[Row]) -> None:
    print(f"\nCadence beside that of instrumented shoes (median of the seconds after {_SETTLED_S} s):")
    for row in rows:
        if row.recording.shoe_spm is not None:
            spm = row.spm[_SETTLED_S:]
            shown = float(np.mean(spm > 0))
            print(f"  {row.recording.name:<48}{row.recording.shoe_spm:>7.1f}{np.median(spm):>7.0f}  shown {shown:.0%}")


def _run_errors() -> NDArray[np.float64]:
    """Errors of every second of every made-up run after settling; a second without a cadence is all wrong."""
    errors = [np.abs(firmware_count(samples).spm[_SETTLED_S:] - spm) for spm, _, samples in runs()]
    return np.concatenate(errors).astype(np.float64)


def _print_goals(rows: Sequence[Row]) -> bool:
    wrist = float(np.median([abs(row.error(0)) for row in _chosen(rows, WRIST)]))
    phone = float(np.median([abs(row.error(0)) for row in _chosen(rows, ("phone",))]))
    desk = [row.error(0) for row in _chosen(rows, ("desk",))]
    busy = [row.error(0) for row in _chosen(rows, ("busy",))]
    run = _run_errors()
    device = measure_steps(rows[0].recording.samples[:_DEVICE_SAMPLES])
    goals = (
        (f"walks on the wrist, median: {wrist:.1f} % (goal {GOAL_WRIST:.0f})", wrist <= GOAL_WRIST),
        (f"walks with a phone, median: {phone:.1f} % (goal {GOAL_PHONE:.0f})", phone <= GOAL_PHONE),
        (f"desk, worst: {max(desk):.1f} false steps a minute (goal {GOAL_DESK:.0f})", max(desk) <= GOAL_DESK),
        (f"busy hands, worst: {max(busy):.1f} false steps a minute (goal {GOAL_BUSY:.0f})", max(busy) <= GOAL_BUSY),
        (
            f"made-up runs: 95 % of seconds within {np.percentile(run, 95):.0f} spm (goal {GOAL_RUN_SPM:.0f})",
            np.percentile(run, 95) <= GOAL_RUN_SPM,
        ),
        (
            f"CPU: {device.sample_us:.1f} µs a sample here, {device.duty:.2%} of an ESP32-S3 (goal {GOAL_DUTY:.0%})",
            device.duty <= GOAL_DUTY,
        ),
        (
            f"memory: {device.state_bytes} bytes of heap (goal {GOAL_STATE_BYTES}), {device.allocated_bytes} allocated"
            f" in {_DEVICE_SAMPLES} samples (goal 0)",
            device.state_bytes <= GOAL_STATE_BYTES and device.allocated_bytes == 0,
        ),
    )
    print()
    for text, met in goals:
        print(f"{'met   ' if met else 'MISSED'}  {text}")
    return all(met for _, met in goals)


if __name__ == "__main__":
    sys.exit(main())
