"""Stretches of a workout, and what each of them took."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paceline_server.analysis.heart_rate import Beats
from paceline_server.formats.recording import Column


class Stretch(NamedTuple):
    """A part of a workout, seconds since its start, with its metres and mean heart rate; None is not known."""

    start_s: float
    end_s: float
    distance_m: float
    heart_rate_avg_bpm: float | None


def stretches_of(
    edges_s: Sequence[tuple[float, float]], time_s: Column, distance_m: Column, beats: Beats
) -> tuple[Stretch, ...]:
    """Return the stretches between these moments; `distance_m` is the distance since the start at every row."""
    if not edges_s:
        return ()
    starts, ends = np.array(edges_s).T
    way_m = (np.interp(ends, time_s, distance_m) - np.interp(starts, time_s, distance_m)).tolist()
    hearts = beats.means(np.searchsorted(time_s, starts), np.searchsorted(time_s, ends, "right"))
    return tuple(Stretch(*edges, way, heart) for edges, way, heart in zip(edges_s, way_m, hearts, strict=True))
