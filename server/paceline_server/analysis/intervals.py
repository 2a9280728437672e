"""Intervals that were run: stretches clearly faster than those between them, found by speed.

The grade-adjusted speed, as a mean over 15 s, is parted into two sorts by the threshold that sets them apart best
(Otsu, IEEE Trans Syst Man Cybern 9 (1979) 62-66). They are intervals when the fast ones are a fifth faster and more,
at least three, of 20 s to 30 minutes; where people stood between them, only when they are alike in time or way, as
stops at crossings are not. Limits: found to some seconds; short strides, and steps up within an interval, are not seen;
for running only, as on a bicycle hills and wind make speeds that nobody chose.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column

SMOOTHED_S = 15
SHORTEST_S, LONGEST_S = 20, 1800
BRIDGED_S = 8
FASTER = 1.2
LEAST = 3
LEAST_PART, MOST_PART = 0.08, 0.9
STOOD_M_S, ALIKE = 1.0, 0.15
LONGEST_ROWS = 6 * 3600
_BINS = 64


def intervals(time_s: Column, adjusted_m: Column) -> list[tuple[float, float]]:
    """Return from which to which second each fast stretch was.

    `adjusted_m` is the grade-adjusted way up to each row.
    """
    if len(time_s) < 2 or not LEAST * 2 * SHORTEST_S <= time_s[-1] - time_s[0] <= LONGEST_ROWS:
        return []
    at_s = np.arange(time_s[0], time_s[-1] + 1.0)
    along = np.interp(at_s, time_s, adjusted_m)
    half = SMOOTHED_S // 2
    ends = np.clip(np.arange(len(at_s)) + half, 0, len(at_s) - 1)
    starts = np.clip(np.arange(len(at_s)) - half, 0, len(at_s) - 1)
    speed = (along[ends] - along[starts]) / (ends - starts)
    floor = _threshold(speed[speed >= STOOD_M_S])
    if floor is None:  # one speed, and rests on the spot
        floor = _threshold(speed)
    if floor is None:
        return []
    fast = speed >= floor
    edges = _stretches(fast, speed)
    if not _are_intervals(edges, along, speed):
        return []
    return [(float(at_s[first]), float(at_s[last])) for first, last in edges]


def _threshold(speed: Column) -> float | None:
    """Return the speed that parts the seconds best, None when they are of one sort."""
    if len(speed) < LEAST * SHORTEST_S:
        return None
    counts, edges = np.histogram(speed, _BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    apart = np.zeros(_BINS)
    inner = (below > 0) & (above > 0)
    slow, fast = sums[inner] / below[inner], (sums[-1] - sums[inner]) / above[inner]
    apart[inner] = below[inner] * above[inner] * (fast - slow) ** 2.0
    if not inner.any():
        return None
    best = int(apart.argmax())
    floor = float(edges[best + 1])
    chosen = speed >= floor
    part = float(chosen.mean())
    if not LEAST_PART <= part <= MOST_PART or speed[chosen].mean() < FASTER * speed[~chosen].mean():
        return None
    return floor


def _stretches(fast: NDArray[np.bool_], speed: Column) -> list[tuple[int, int]]:
    turns = np.flatnonzero(np.diff(fast.astype(np.int8), prepend=0, append=0))
    joined: list[tuple[int, int]] = []
    for first, last in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True):
        if joined and first - joined[-1][1] <= BRIDGED_S:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    most = len(speed) - 1
    return [(first, min(last, most)) for first, last in joined if SHORTEST_S <= last - first <= LONGEST_S]


def _are_intervals(edges: list[tuple[int, int]], along: Column, speed: Column) -> bool:
    if len(edges) < LEAST:
        return False
    between = [speed[last:first] for (_, last), (first, _) in pairwise(edges)]
    rests = [float(np.median(one)) for one in between if len(one)]
    fast = float(np.median([float(along[last] - along[first]) / (last - first) for first, last in edges]))
    slow = float(np.median(rests)) if rests else 0.0
    if fast < FASTER * slow:
        return False
    if slow >= STOOD_M_S:
        return True
    took = np.array([last - first for first, last in edges], np.float64)
    went = np.array([along[last] - along[first] for first, last in edges])
    return bool(min(took.std() / took.mean(), went.std() / went.mean()) <= ALIKE)
