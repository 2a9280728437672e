"""Splits: what every kilometre took."""

from typing import NamedTuple

import numpy as np

from paceline_server.formats.recording import Column

SPLIT_M = 1000.0
SHORTEST_M = 10.0  # a last split below this says nothing


class SplitMetrics(NamedTuple):
    """One split; None means not measured."""

    distance_m: float
    duration_s: float
    moving_time_s: float
    ascent_m: float | None
    heart_rate_avg_bpm: float | None


def split_metrics(
    time_s: Column, distance_m: Column, moving_s: Column, ascent_m: Column | None, trusted_bpm: Column
) -> list[SplitMetrics]:
    """Return the splits, the last one as long as what is left."""
    if len(time_s) == 0 or distance_m[-1] < SHORTEST_M:
        return []
    edges = np.arange(0, distance_m[-1], SPLIT_M)
    if distance_m[-1] - edges[-1] >= SHORTEST_M or len(edges) == 1:
        edges = np.append(edges, distance_m[-1])
    # The moment an edge is reached: np.interp needs rising distances, so rows on the spot are left out.
    rising = np.concatenate([[True], np.diff(distance_m) > 0])
    reached_m = distance_m[rising]

    def gained(column: Column) -> list[float]:
        return np.diff(np.interp(edges, reached_m, column[rising])).tolist()

    climbed = gained(ascent_m) if ascent_m is not None else [None] * (len(edges) - 1)
    beats, counts = _sums_between(edges, distance_m, trusted_bpm)
    hearts = [total / count if count else None for total, count in zip(beats.tolist(), counts.tolist(), strict=True)]
    lengths = np.diff(edges).tolist()
    return list(map(SplitMetrics, lengths, gained(time_s), gained(moving_s), climbed, hearts))


def _sums_between(edges: Column, distance_m: Column, values: Column) -> tuple[Column, Column]:
    known = ~np.isnan(values)
    split = np.clip(np.searchsorted(edges, distance_m[known], "right") - 1, 0, len(edges) - 2)
    size = len(edges) - 1
    beats = np.bincount(split, values[known], size).astype(np.float64)
    return beats, np.bincount(split, minlength=size).astype(np.float64)
