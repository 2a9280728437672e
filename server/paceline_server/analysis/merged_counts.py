"""One count of several sources that were worn at once: the preferred one counts, the others fill its gaps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float64]


class Count(NamedTuple):
    """`value` things were counted from `start_s` to `end_s`; nothing is known of when within it."""

    start_s: float
    end_s: float
    value: float


def merged_total(sources: Sequence[Sequence[Count]]) -> float:
    """Return what all sources counted together, the preferred source first.

    The first source counts wholly. Each count of a later one adds the smaller of two: its share of the time in which no
    source before it counted, its value taken as spread evenly; and what its value is more than the sources before it
    counted in all of its time. So time is never counted twice, and an interval never comes to more than one source said
    of it. Counts of one source add up: it must not have counted anything twice.
    """
    ends = {edge for source in sources for one in source for edge in (one.start_s, one.end_s)}
    if not ends:
        return 0.0
    edges = np.array(sorted(ends))
    length = np.diff(edges)
    held, covered = np.zeros(len(length)), np.zeros(len(length), bool)
    for source in sources:
        if source:
            _fill(edges, length, held, covered, np.array([one for one in source if one.end_s > one.start_s]))
    return float(held.sum())


def apart(counts: Sequence[Count]) -> list[Count]:
    """Return counts of one source that never count the same time twice, those that come first being preferred.

    Each later one keeps its share of the time that none before it has.
    """
    held: list[Count] = []
    for one in counts:
        free = [(one.start_s, one.end_s)]
        for other in held:
            free = [piece for start, end in free for piece in _without(start, end, other.start_s, other.end_s)]
        whole = one.end_s - one.start_s
        held += [Count(start, end, one.value * (end - start) / whole) for start, end in free]
    return sorted(held)


def _fill(edges: Cells, length: Cells, held: Cells, covered: NDArray[np.bool_], counts: Cells) -> None:
    if len(counts) == 0:
        return
    first, last = np.searchsorted(edges, counts[:, 0]), np.searchsorted(edges, counts[:, 1])
    free = np.where(covered, 0.0, length)
    before, free_before = _running(held), _running(free)
    free_s = free_before[last] - free_before[first]
    share = counts[:, 2] * free_s / (counts[:, 1] - counts[:, 0])
    missing = np.maximum(counts[:, 2] - (before[last] - before[first]), 0.0)
    added = np.minimum(share, missing)
    rate = np.divide(added, free_s, out=np.zeros_like(added), where=free_s > 0)
    held += _over(len(length), first, last, rate) * free
    covered |= _over(len(length), first, last, np.ones(len(counts))) > 0


def _running(values: Cells) -> Cells:
    return np.concatenate([[0.0], np.cumsum(values)])


def _over(size: int, first: NDArray[np.intp], last: NDArray[np.intp], amount: Cells) -> Cells:
    """Return in each cell the sum of the amounts whose range has it."""
    steps = np.zeros(size + 1)
    np.add.at(steps, first, amount)
    np.add.at(steps, last, -amount)
    return np.cumsum(steps)[:-1]


def _without(start: float, end: float, other_start: float, other_end: float) -> list[tuple[float, float]]:
    pieces = [(start, min(end, other_start)), (max(start, other_end), end)]
    return [(a, b) for a, b in pieces if b > a]
