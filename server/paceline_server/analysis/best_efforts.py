"""Best efforts: the shortest time for usual distances, and the longest way in usual times.

Exact for the curve of distance over time: any window, both ends interpolated. Time runs on in pauses. Limits: a gap is
crossed at an even speed; a jump of the positions counts as at most what a person can do, so that it makes no record.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from paceline_server.analysis.by_row import between, cumulated
from paceline_server.analysis.windows import evened, largest_rise, shortest_span
from paceline_server.formats.recording import Column

MILE_M = 1609.344
_ON_FOOT_M = (400, MILE_M / 2, 1000, MILE_M, 3000, 5000, 10_000, 15_000, 10 * MILE_M, 20_000, 21_097.5, 30_000, 42_195)
_ON_FOOT = ((*_ON_FOOT_M, 50_000, 100_000), (720.0, 1800.0, 3600.0))  # 12 min: Cooper, JAMA 203 (1968) 201
_RIDING = ((5000, 10_000, 20_000, 40_000, 50_000, 80_000, 100_000, 100 * MILE_M, 200_000), (300.0, 1200.0, 3600.0))
USUAL: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = MappingProxyType(
    {
        "running": _ON_FOOT,
        "walking": _ON_FOOT,
        "hiking": _ON_FOOT,
        "cycling": _RIDING,
        "swimming": ((100, 200, 400, 800, 1000, 1500, 3000, 5000), ()),
    }
)
"""Of a sport: distances in metres, times in seconds."""

FASTEST_M_S: Mapping[str, float] = MappingProxyType({"cycling": 35.0, "swimming": 2.6})
FASTEST_ON_FOOT_M_S = 12.5  # the fastest stretch of the world record over 100 m: 12.4 m/s


class Effort(NamedTuple):
    """A distance and the time it took; `start_s` since the start of the workout."""

    distance_m: float
    duration_s: float
    start_s: float


def best_efforts(time_s: Column, distance_m: Column, sport: str) -> tuple[tuple[Effort, ...], tuple[Effort, ...]]:
    """Return the efforts over the sport's usual distances, and in its usual times; both empty for other sports.

    `time_s` ascends strictly, `distance_m` is the distance since the start and never falls.
    """
    if sport not in USUAL or len(time_s) < 2:
        return (), ()
    distances, durations = USUAL[sport]
    most_m = FASTEST_M_S.get(sport, FASTEST_ON_FOOT_M_S) * between(time_s)
    steps = np.minimum(between(distance_m), most_m)
    covered = cumulated(steps)
    by_distance: list[Effort] = []
    for metres in distances:
        found = shortest_span(time_s, covered, metres)
        if found is None:
            break
        by_distance.append(Effort(float(metres), *found))
    by_time: list[Effort] = []
    if time_s[-1] - time_s[0] >= min(durations, default=np.inf):
        time_s, covered, step = evened(time_s, covered)
    else:
        step = None
    for duration_s in durations:
        most = largest_rise(time_s, covered, duration_s, step)
        if most is None or most[0] <= 0:
            break
        by_time.append(Effort(most[0], duration_s, most[1]))
    return tuple(by_distance), tuple(by_time)
