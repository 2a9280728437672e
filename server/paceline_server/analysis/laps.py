"""Laps: what every lap took, both ends interpolated."""

from collections.abc import Sequence

import numpy as np

from paceline_server.analysis.splits import SplitMetrics
from paceline_server.formats.recording import Column, Lap


def lap_metrics(
    laps: Sequence[Lap],
    time_s: Column,
    distance_m: Column,
    moving_s: Column,
    ascent_m: Column | None,
    trusted_bpm: Column,
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
    climbed = gained(ascent_m) if ascent_m is not None else [None] * len(laps)
    known = ~np.isnan(trusted_bpm)
    beats = np.concatenate([[0.0], np.cumsum(np.where(known, trusted_bpm, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    # The first lap's start belongs to it; any other row on a border belongs to the lap that ends there.
    first = np.searchsorted(time_s, starts, "right")
    first[starts <= time_s[0]] = 0
    last = np.searchsorted(time_s, ends, "right")
    sums, rows = (beats[last] - beats[first]).tolist(), (counts[last] - counts[first]).tolist()
    return [
        SplitMetrics(
            distances[i], lap.end_s - lap.start_s, moved[i], climbed[i], sums[i] / rows[i] if rows[i] else None
        )
        for i, lap in enumerate(laps)
    ]
