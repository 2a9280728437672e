"""`python -m paceline_tools.bench.pulse [FOLDER]`: the firmware's heart rate beside two plain baselines.

Each PPG recording with a reference is brought to what the sensors give and followed, second by second, by the file that
is flashed, on MicroPython.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.on_micropython import ESP32_S3_RATIO
from paceline_tools.bench.pulse_baselines import autocorrelation, each_second, peak_count
from paceline_tools.bench.pulse_on_micropython import Followed, follow
from paceline_tools.bench.pulse_recordings import SOURCES, Recording, load

CONFIDENT = 2
NEAR_BPM = 5
GOALS = {"rest": (85, 2, 0), "motion": (55, 6, 95)}  # per cent confident, bpm, per cent near
GOAL_DUTY_PERCENT = 5


@dataclass(frozen=True)
class Score:
    """Over the seconds with a sure reference: their number, which are confident, all errors, those of the baselines."""

    kind: str
    seconds: int
    confident: NDArray[np.bool_]
    errors_bpm: NDArray[np.float64]
    peak_errors_bpm: NDArray[np.float64]
    autocorrelation_errors_bpm: NDArray[np.float64]

    @property
    def share(self) -> float:
        """Per cent of the seconds that are confident."""
        return 100 * float(self.confident.mean())

    @property
    def error_bpm(self) -> float:
        """Mean absolute error of the confident seconds."""
        return float(self.errors_bpm[self.confident].mean()) if self.confident.any() else np.nan

    @property
    def near(self) -> float:
        """Per cent of the confident seconds within NEAR_BPM."""
        return 100 * float((self.errors_bpm[self.confident] <= NEAR_BPM).mean()) if self.confident.any() else np.nan


def score(recording: Recording, followed: Followed) -> Score:
    """Compare; a second in which a baseline finds nothing counts as no error of it."""
    reference = recording.reference_bpm[: len(followed.bpm)]
    sure = np.isfinite(reference)
    reference = reference[sure]

    def baseline_errors(rates: NDArray[np.float64]) -> NDArray[np.float64]:
        errors = np.abs(rates[: len(sure)][sure] - reference)
        return errors[np.isfinite(errors)]

    return Score(
        recording.source.kind,
        int(sure.sum()),
        (followed.confidence >= CONFIDENT)[sure] & followed.worn[sure],
        np.abs(followed.bpm[sure] - reference),
        baseline_errors(each_second(recording.light, peak_count)),
        baseline_errors(each_second(recording.light, autocorrelation)),
    )


def joined(scores: list[Score]) -> Score:
    """Return all seconds as one."""
    return Score(
        scores[0].kind,
        sum(each.seconds for each in scores),
        np.concatenate([each.confident for each in scores]),
        np.concatenate([each.errors_bpm for each in scores]),
        np.concatenate([each.peak_errors_bpm for each in scores]),
        np.concatenate([each.autocorrelation_errors_bpm for each in scores]),
    )


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = (Path(sys.argv[1]) if len(sys.argv) > 1 else default) / "ppg"
    print(f"{'heart rate (bpm, mean absolute error)':42}{'tuned':>6}{'s':>6}{'confident':>11}", end="")
    print(f"{'error':>7}{'within 5':>10}{'peaks':>8}{'autocorr.':>11}")
    scores: dict[str, list[Score]] = {kind: [] for kind in GOALS}
    costs = []
    for source in SOURCES:
        recording = load(folder, source)
        costs.append(follow(recording))
        result = score(recording, costs[-1])
        scores[source.kind].append(result)
        print(_line(source.name, source.tuned, result))
    reached = [_goal(kind, joined(scores[kind])) for kind in GOALS]
    cpu_us = min(cost.cpu_us for cost in costs)
    duty = cpu_us * ESP32_S3_RATIO / 1e4
    print(
        f"a second of samples: {cpu_us:.0f} us on unix MicroPython, x {ESP32_S3_RATIO} = {duty:.1f} % of an ESP32-S3",
        end="",
    )
    print(f" (goal {GOAL_DUTY_PERCENT}); {costs[0].state_bytes} bytes of state")
    return 0 if all(reached) and duty < GOAL_DUTY_PERCENT else 1


def _goal(kind: str, result: Score) -> bool:
    confident, error_bpm, near = GOALS[kind]
    print(_line(f"all, {kind}", "", result))
    reached = result.share >= confident and result.error_bpm <= error_bpm and result.near >= near
    goal = f"goal, {kind}: {'reached' if reached else 'missed'}"
    print(f"{goal:54}{confident:9} %{error_bpm:7.1f}" + (f"{near:8} %" if near else ""))
    return reached


def _line(name: str, tuned: str, result: Score) -> str:
    return (
        f"{name:42}{tuned:>6}{result.seconds:6}{result.share:9.0f} %{result.error_bpm:7.1f}{result.near:8.0f} %"
        f"{result.peak_errors_bpm.mean():8.1f}{result.autocorrelation_errors_bpm.mean():11.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
