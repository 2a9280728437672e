"""Auto-pause on real activities whose device paused by itself; skips where they are absent.

A device that pauses stops recording and tells no speed: in its pauses the speed is set to 0 here. What is tested is the
rest: that each of its pauses is found, that a recorded, moving second is not taken for one, and that nothing flaps.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from paceline_protocol.code_tables import SPORTS
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Recording
from wearable.workout.auto_pause import BEGAN, AutoPause

LONGEST_HELD_S = 12  # a watch that records on change only
NEVER_BEFORE = -LONGEST_HELD_S - 1


@dataclass(frozen=True)
class Comparison:
    """Seconds paused by the device and by us, our pauses, the seconds from one to the next, and speeds in them."""

    theirs: NDArray[np.bool_]
    ours: NDArray[np.bool_]
    pauses: int
    shortest_run_s: int
    fast_in_pauses: int


def _compared(recording: Recording) -> Comparison:
    second = np.rint(recording.columns["time_s"]).astype(int)
    speed = dict(zip(second.tolist(), recording.columns["speed_m_s"].tolist(), strict=True))
    steps = dict(zip(second.tolist(), np.nan_to_num(recording.columns["cadence_spm"]).tolist(), strict=True))
    end = int(second[-1]) + 1
    theirs, ours = np.zeros(end, bool), np.zeros(end, bool)
    for pause in recording.pauses:
        theirs[int(pause.start_s) + 1 : int(pause.end_s) + 1] = True
    rule = AutoPause(SPORTS.index(recording.sport))
    known, edges = NEVER_BEFORE, []
    for t_s in range(end):
        if not np.isnan(speed.get(t_s, np.nan)):
            known = t_s
        if known == t_s or (not theirs[t_s] and t_s - known <= LONGEST_HELD_S):
            event = rule.second(t_s, 3, int(100 * speed[known]), int(steps[known]))
        elif theirs[t_s]:
            event = rule.second(t_s, 3, 0, 0)
        else:
            event = rule.second(t_s, 0, 0, 0)
        if event:
            edges.append(rule.second_s)
            ours[rule.second_s :] = event == BEGAN
    runs = [after - before for before, after in zip(edges[1::2], edges[2::2], strict=False)]
    fast = sum(speed.get(int(t_s), 0) > 1.5 for t_s in np.flatnonzero(ours))
    return Comparison(theirs, ours, (len(edges) + 1) // 2, min(runs, default=end), fast)


def _recording(folder: Path, name: str) -> Recording:
    return read_recording((folder / "activities" / "fit" / name).read_bytes(), name)[0]


@pytest.mark.parametrize(
    "name",
    [
        "fit__garmin.fit",
        "fitfiler__garmin-edge530-ride.fit",
        "goldencheetah__20130717_143733.fit",
        "gpsbabel__garmin-edge-800.fit",
        "gpsbabel__garmin-forerunner-10.fit",
        "python-fitparse__2019-02-17-062644-ELEMNT-297E-195-0.fit",
        "python-fitparse__garmin-edge-500-activity.fit",
        "python-fitparse__sample-activity.fit",
        "sports-lib__3939576645.fit",
        "workoutizer__with_nones.fit",
    ],
)
def test_the_devices_own_pauses_are_found(recordings: Path, name: str) -> None:
    found = _compared(_recording(recordings, name))
    assert found.theirs.sum() > 100
    assert (found.ours & found.theirs).sum() >= 0.94 * found.theirs.sum(), "the seconds paused"
    # Devices pause at a lower speed or later; what we add is short beside the whole.
    assert (found.ours & ~found.theirs).sum() <= 0.065 * len(found.ours)
    assert found.fast_in_pauses <= 0.001 * len(found.ours), "nobody is paused at 1.5 m/s"


@pytest.mark.parametrize(
    ("name", "still_s", "pauses"),
    [
        ("workoutizer__2020-10-25-10-54-06.fit", 4567, 55),  # a ride that stands for a quarter of its time
        ("workoutizer__2020-09-12-11-15-46.fit", 9235, 130),  # a walk that stands for nearly half of it
        ("sports-lib__6782987395.fit", 176, 6),
        ("sports-lib__6916728382.fit", 68, 8),
    ],
)
def test_recorded_stops_become_pauses(recordings: Path, name: str, still_s: int, pauses: int) -> None:
    """Without a pause of the device: the seconds at less than 0.1 m/s are what should be found."""
    found = _compared(_recording(recordings, name))
    assert 0.8 * still_s <= found.ours.sum() <= 1.45 * still_s
    assert found.pauses <= pauses and found.shortest_run_s >= 3
    assert found.fast_in_pauses <= 0.001 * len(found.ours)


@pytest.mark.parametrize(
    "name",
    [
        "goldencheetah__10kUNLP2014-Garmin15.fit",
        "goldencheetah__Fr955v19.28andStryd.fit",
        "goldencheetah__FR55-CoreTemp-Walk.fit",
        "gpsbabel__fit-sample.fit",
        "python-fitparse__developer-types-sample.fit",
        "sports-lib__7445393868.fit",
    ],
)
def test_whoever_never_stops_is_never_paused(recordings: Path, name: str) -> None:
    assert _compared(_recording(recordings, name)).pauses == 0


def test_a_trail_runner_who_climbs_slowly_is_not_paused(recordings: Path) -> None:
    found = _compared(_recording(recordings, "sports-lib__6910052863.fit"))
    assert found.pauses <= 4 and (found.ours & ~found.theirs).sum() <= 60
