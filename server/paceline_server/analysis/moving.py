"""Moving time: the seconds in which one went on, pauses left out."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from paceline_server.analysis.by_row import between, cumulated
from paceline_server.analysis.timer import cumulative_paused_s
from paceline_server.formats.recording import Column, ExerciseSet, Length, Pause

# Below it one stands: on foot and on a bicycle as the wrist has it (docs/WORKOUTS.md, tuned on real workouts); in open
# water half of a slow stroke, as those who float drift; others as on foot.
SLOWEST_M_S: Mapping[str, float] = MappingProxyType(
    {"running": 0.5, "walking": 0.4, "hiking": 0.4, "cycling": 0.8, "swimming": 0.2}
)
OTHER_SLOWEST_M_S = 0.5
ON_THE_SPOT = frozenset({"strength", "indoor"})  # no speed tells of them: all but the pauses is moving
SLOWEST_SPM = 30.0  # steps or crank turns per minute: moving, though the position stands (treadmill, tunnel)
LONGEST_STEP_S = 30.0  # over a longer gap only the distance can tell


def cumulative_moving_s(
    columns: Mapping[str, Column],
    distance_m: Column,
    sport: str,
    pauses: Sequence[Pause],
    exercises: Sequence[Length | ExerciseSet] = (),
) -> Column:
    """Return the seconds moved up to every row; without position, speed and cadence all but the pauses counts, as
    it does in a sport that is done on the spot.

    Where lengths were swum or sets done (`exercises`, in order, apart), they are what counts.
    """
    time_s = columns["time_s"]
    if len(time_s) == 0:
        return np.empty(0)
    seconds = between(time_s)
    cadence = columns["cadence_spm"][1:]
    if sport in ON_THE_SPOT or (
        np.isnan(columns["speed_m_s"]).all() and distance_m[-1] == 0 and not (cadence >= SLOWEST_SPM).any()
    ):
        moving = np.ones(len(seconds), bool)
    else:
        stepping = (cadence >= SLOWEST_SPM) & (seconds <= LONGEST_STEP_S)
        moving = (between(distance_m) >= SLOWEST_M_S.get(sport, OTHER_SLOWEST_M_S) * seconds) | stepping
    moved = np.where(moving, seconds, 0.0)
    if exercises:
        edges = np.array([edge for one in exercises for edge in (one.start_s, one.end_s)])
        done = np.cumsum([one.end_s - one.start_s for one in exercises])
        moved = between(np.interp(time_s, edges, np.repeat(np.concatenate([[0.0], done]), 2)[1:-1]))
    if pauses:
        moved = np.minimum(moved, seconds - between(cumulative_paused_s(time_s, pauses)))
    return cumulated(moved)
