"""Intervals that were run: stretches clearly faster than those between them, found by speed.

The grade-adjusted speed, as a mean over 15 s, is parted into two sorts by the threshold that sets them apart best
(Otsu, IEEE Trans Syst Man Cybern 9 (1979) 62-66). They are intervals when the fast ones are a fifth faster and more,
at least three, of 20 s to 30 minutes; where people stood between them, only when they are alike in time or way, as
stops at crossings are not. Limits: found to some seconds; short strides, and steps up within an interval, are not seen;
for running only, as on a bicycle hills and wind make speeds that nobody chose.
"""

from statistics import median

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
    along = adjusted_m if len(at_s) == len(time_s) else np.interp(at_s, time_s, adjusted_m)
    half = SMOOTHED_S // 2
    speed = np.concatenate([along[half:], np.full(half, along[-1])])
    speed[half:] -= along[:-half]
    speed[:half] -= along[0]
    speed /= 2 * half
    floor = _threshold(speed[speed >= STOOD_M_S])
    if floor is None:  # one speed, and rests on the spot
        floor = _threshold(speed)
    if floor is None:
        return []
    fast = speed >= floor
    edges = _stretches(fast, speed)
    if not _are_intervals(edges, along):
        return []
    return [(float(at_s[first]), float(at_s[last])) for first, last in edges]


def _threshold(speed: Column) -> float | None:
    """Return the speed that parts the seconds best, None when they are of one sort."""
    if len(speed) < LEAST * SHORTEST_S:
        return None
    low = float(speed.min())
    width = (float(speed.max()) - low) / _BINS
    if width <= 0:
        return None
    counts = np.bincount(((speed - low) / width).astype(np.intp), minlength=_BINS)[:_BINS]
    middles = low + width * (np.arange(_BINS) + 0.5)
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    apart = np.zeros(_BINS)
    inner = (below > 0) & (above > 0)
    slow, fast = sums[inner] / below[inner], (sums[-1] - sums[inner]) / above[inner]
    apart[inner] = below[inner] * above[inner] * (fast - slow) ** 2.0
    if not inner.any():
        return None
    best = int(apart.argmax())
    floor = low + width * (best + 1)
    chosen = speed >= floor
    part = np.count_nonzero(chosen) / len(speed)
    if not LEAST_PART <= part <= MOST_PART or speed[chosen].mean() < FASTER * speed[~chosen].mean():
        return None
    return floor


def _stretches(fast: NDArray[np.bool_], speed: Column) -> list[tuple[int, int]]:
    framed = np.zeros(len(fast) + 2, bool)  # slow before and behind
    framed[1:-1] = fast
    turns = np.flatnonzero(framed[1:] != framed[:-1])
    joined: list[tuple[int, int]] = []
    for first, last in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True):
        if joined and first - joined[-1][1] <= BRIDGED_S:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    most = len(speed) - 1
    return [(first, min(last, most)) for first, last in joined if SHORTEST_S <= last - first <= LONGEST_S]


def _are_intervals(edges: list[tuple[int, int]], along: Column) -> bool:
    if len(edges) < LEAST:
        return False
    rows = np.array(edges)
    took = (rows[:, 1] - rows[:, 0]).astype(np.float64)
    went = along[rows[:, 1]] - along[rows[:, 0]]
    rests = (along[rows[1:, 0]] - along[rows[:-1, 1]]) / (rows[1:, 0] - rows[:-1, 1])
    fast, slow = median((went / took).tolist()), median(rests.tolist())
    if fast < FASTER * slow:
        return False
    if slow >= STOOD_M_S:
        return True
    return bool(min(took.std() / took.mean(), went.std() / went.mean()) <= ALIKE)
