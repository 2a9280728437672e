"""Splits: what every kilometre, or mile, took."""

from typing import NamedTuple

import numpy as np

from paceline_server.analysis.ascent import Climb
from paceline_server.analysis.by_row import between
from paceline_server.analysis.heart_rate import Beats
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
    descent_m: float | None = None


def split_metrics(
    time_s: Column,
    distance_m: Column,
    moving_s: Column,
    climb: Climb | None,
    beats: Beats,
    split_m: float = SPLIT_M,
) -> list[SplitMetrics]:
    """Return the splits of `split_m` each, the last one as long as what is left."""
    if len(time_s) == 0 or distance_m[-1] < SHORTEST_M:
        return []
    edges = np.arange(0, distance_m[-1], split_m)
    if distance_m[-1] - edges[-1] >= SHORTEST_M or len(edges) == 1:
        edges = np.concatenate([edges, distance_m[-1:]])
    # An edge lies between the first row that reaches it and the first of the distance before: rows on the spot tell
    # nothing of the way.
    reached = distance_m.searchsorted(edges)
    before = distance_m.searchsorted(distance_m[np.maximum(reached - 1, 0)])
    way_m = distance_m[reached] - distance_m[before]
    part = np.divide(edges - distance_m[before], way_m, out=np.zeros(len(edges)), where=way_m > 0)

    def gained(column: Column) -> list[float]:
        return between(column[before] + part * (column[reached] - column[before])).tolist()

    nothing = [None] * (len(edges) - 1)
    up, down = (nothing, nothing) if climb is None else (gained(climb.ascent_m), gained(climb.descent_m))
    rows = reached.copy()
    rows[-1] = len(distance_m)  # the last split has the rows at its end
    hearts = beats.means(rows[:-1], rows[1:])
    lengths = between(edges).tolist()
    return list(map(SplitMetrics, lengths, gained(time_s), gained(moving_s), up, hearts, down))
