"""Time in heart-rate zones."""

from collections.abc import Sequence

import numpy as np

from paceline_server.formats.recording import Column


def seconds_in_zones(heart_s: Column, floors_bpm: Sequence[int]) -> tuple[float, ...]:
    """Return the seconds below all zones, then those in each.

    `heart_s` are the seconds at each whole heart rate (heart_time.py), `floors_bpm` the lowest heart rate of each zone,
    which belongs to it; they do not fall.
    """
    edges = [0, *(min(max(int(floor), 0), len(heart_s)) for floor in floors_bpm), len(heart_s)]
    upto = np.concatenate([[0.0], np.cumsum(heart_s)])[edges]
    return tuple(np.diff(upto).tolist())
