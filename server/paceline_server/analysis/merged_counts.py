"""One count of several sources that were worn at once: the preferred one counts, the others fill its gaps."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float64]


class Count(NamedTuple):
    """`value` things were counted from `start_s` to `end_s`; nothing is known of when within it."""

    start_s: float
    end_s: float
    value: float


Layer = tuple[Sequence[float], Sequence[float], Sequence[float]]  # beginning, end and value of each count of a source


def layer_of(counts: Sequence[Count]) -> Layer:
    """Return counts as columns."""
    return tuple(zip(*counts, strict=True)) if counts else ((), (), ())  # pyright: ignore[reportReturnType]


def merged_totals(merges: Sequence[Sequence[Layer]]) -> list[float]:
    """Return for each of many merges what all its sources counted together, the preferred source first.

    The first source counts wholly. Each count of a later one adds the smaller of two: its share of the time in which no
    source before it counted, its value taken as spread evenly; and what its value is more than the sources before it
    counted in all of its time. So time is never counted twice, and an interval never comes to more than one source said
    of it. Counts of one source add up: it must not have counted anything twice.
    """
    ranks = max(map(len, merges), default=0)
    layers = [_side_by_side(merges, rank) for rank in range(ranks)]
    every = np.concatenate(layers, axis=1) if layers else np.empty((4, 0))
    if every.shape[1] == 0:
        return [0.0] * len(merges)
    # Each merge gets a stretch of the line for itself, so that all are done in one go.
    least = every[1].min()
    width = every[2].max() - least + 1
    for layer in layers:
        layer[1:3] += layer[0] * width - least
    edges = np.unique(np.concatenate([layer[1:3].ravel() for layer in layers]))
    length = np.diff(edges)
    held, covered = np.zeros(len(length)), np.zeros(len(length), bool)
    for layer in layers:
        _fill(edges, length, held, covered, layer)
    whose = (edges[:-1] // width).astype(np.intp)
    return np.bincount(whose, held, len(merges)).tolist()


def apart(counts: Sequence[Count]) -> list[Count]:
    """Return counts of one source that never count the same time twice, those that come first being preferred.

    Each later one keeps its share of the time that none before it has.
    """
    ordered = sorted(counts)
    if all(one.end_s <= other.start_s for one, other in pairwise(ordered)):
        return ordered
    held: list[Count] = []  # in order, and apart
    for one in counts:
        first = bisect_right(held, one.start_s, key=lambda other: other.end_s)
        last, free_s, whole = first, one.start_s, one.end_s - one.start_s
        free: list[tuple[float, float]] = []
        while last < len(held) and held[last].start_s < one.end_s:
            free.append((free_s, held[last].start_s))
            free_s = held[last].end_s
            last += 1
        free.append((free_s, one.end_s))
        kept = [Count(start, end, one.value * (end - start) / whole) for start, end in free if end > start]
        held[first:last] = sorted([*held[first:last], *kept])
    return held


def _side_by_side(merges: Sequence[Sequence[Layer]], rank: int) -> Cells:
    """Return the merge, beginning, end and value of all counts of the sources that are preferred in this place."""
    found = [(number, layers[rank]) for number, layers in enumerate(merges) if rank < len(layers)]
    numbers = np.repeat([number for number, _ in found], [len(layer[0]) for _, layer in found])
    columns = [np.fromiter(chain.from_iterable(layer[at] for _, layer in found), float) for at in range(3)]
    counts = np.array([numbers, *columns])
    return counts[:, counts[2] > counts[1]]


def _fill(edges: Cells, length: Cells, held: Cells, covered: NDArray[np.bool_], counts: Cells) -> None:
    if counts.shape[1] == 0:
        return
    _, start, end, value = counts
    first, last = np.searchsorted(edges, start), np.searchsorted(edges, end)
    free = np.where(covered, 0.0, length)
    before, free_before = _running(held), _running(free)
    free_s = free_before[last] - free_before[first]
    share = value * free_s / (end - start)
    missing = np.maximum(value - (before[last] - before[first]), 0.0)
    added = np.minimum(share, missing)
    rate = np.divide(added, free_s, out=np.zeros_like(added), where=free_s > 0)
    held += _over(len(length), first, last, rate) * free
    covered |= _over(len(length), first, last, np.ones(len(start))) > 0


def _running(values: Cells) -> Cells:
    return np.concatenate([[0.0], np.cumsum(values)])


def _over(size: int, first: NDArray[np.intp], last: NDArray[np.intp], amount: Cells) -> Cells:
    """Return in each cell the sum of the amounts whose range has it."""
    steps = np.zeros(size + 1)
    np.add.at(steps, first, amount)
    np.add.at(steps, last, -amount)
    return np.cumsum(steps)[:-1]
