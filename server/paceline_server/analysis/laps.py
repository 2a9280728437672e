"""Laps: what every lap took, both ends interpolated."""

from collections.abc import Sequence

import numpy as np

from paceline_server.analysis.ascent import Climb
from paceline_server.analysis.heart_rate import Beats
from paceline_server.analysis.splits import SplitMetrics
from paceline_server.formats.recording import Column, Lap


def lap_metrics(
    laps: Sequence[Lap],
    time_s: Column,
    distance_m: Column,
    moving_s: Column,
    climb: Climb | None,
    beats: Beats,
) -> list[SplitMetrics]:
    """Return the metrics of each lap; laps may overlap, and reach beyond the rows, where nothing is added.

    A heart rate counts for the lap in which its row lies, the row at the lap's end included.
    """
    if len(time_s) == 0 or not laps:
        return []
    starts, ends = np.array([lap.start_s for lap in laps]), np.array([lap.end_s for lap in laps])

    def gained(upto: Column) -> list[float]:
        return (np.interp(ends, time_s, upto) - np.interp(starts, time_s, upto)).tolist()

    distances, moved = gained(distance_m), gained(moving_s)
    nothing = [None] * len(laps)
    up, down = (nothing, nothing) if climb is None else (gained(climb.ascent_m), gained(climb.descent_m))
    # The first lap's start belongs to it; any other row on a border belongs to the lap that ends there.
    first = np.searchsorted(time_s, starts, "right")
    first[starts <= time_s[0]] = 0
    last = np.searchsorted(time_s, ends, "right")
    hearts = beats.means(first, last)
    return [
        SplitMetrics(distances[i], lap.end_s - lap.start_s, moved[i], up[i], hearts[i], down[i])
        for i, lap in enumerate(laps)
    ]
