"""The timer: seconds without the pauses."""

from collections.abc import Sequence

import numpy as np

from paceline_server.analysis.by_row import added
from paceline_server.formats.recording import Column, Pause


def cumulative_paused_s(time_s: Column, pauses: Sequence[Pause]) -> Column:
    """Return the seconds paused up to every row; pauses may overlap and come in any order."""
    if not pauses:
        return np.zeros(len(time_s))
    edges: list[float] = []
    for pause in sorted(pauses, key=lambda one: one.start_s):
        if edges and pause.start_s <= edges[-1]:
            edges[-1] = max(edges[-1], pause.end_s)
        else:
            edges += [pause.start_s, pause.end_s]
    bounds = np.array(edges)
    paused = np.repeat(np.concatenate([[0.0], np.cumsum(bounds[1::2] - bounds[::2])]), 2)[1:-1]
    return np.interp(time_s, bounds, paused)


def row_seconds(time_s: Column, pauses: Sequence[Pause]) -> Column:
    """Return the timer's seconds since the row before, for every row; 0 for the first."""
    return added(time_s - cumulative_paused_s(time_s, pauses) if pauses else time_s)
