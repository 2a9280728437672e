"""Stretches of a workout, and what each of them took."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paceline_server.formats.recording import Column


class Stretch(NamedTuple):
    """A part of a workout, seconds since its start, with its metres and mean heart rate; None is not known."""

    start_s: float
    end_s: float
    distance_m: float
    heart_rate_avg_bpm: float | None


def stretches_of(
    edges_s: Sequence[tuple[float, float]], time_s: Column, distance_m: Column, trusted_bpm: Column
) -> tuple[Stretch, ...]:
    """Return the stretches between these moments; `distance_m` is the distance since the start at every row."""
    found = []
    for start_s, end_s in edges_s:
        way = np.interp((start_s, end_s), time_s, distance_m)
        rows = slice(int(np.searchsorted(time_s, start_s)), int(np.searchsorted(time_s, end_s, "right")))
        known = trusted_bpm[rows][~np.isnan(trusted_bpm[rows])]
        found.append(Stretch(start_s, end_s, float(way[1] - way[0]), float(known.mean()) if len(known) else None))
    return tuple(found)
