"""Data quality: how much of the time the figures rest on."""

from typing import NamedTuple

import numpy as np

from paceline_server.formats.recording import Column


class Quality(NamedTuple):
    """Parts (0 to 1) of the timer's seconds with a position, and with a heart rate that can be trusted."""

    position: float
    heart_rate: float


def data_quality(latitude_deg: Column, trusted_bpm: Column, seconds: Column, longest_s: float) -> Quality:
    """Return the parts; `seconds` are what each row stands for, of which a row tells at most `longest_s`."""
    whole = float(seconds.sum())
    if whole <= 0:
        return Quality(0.0, 0.0)
    told = np.minimum(seconds, longest_s)
    position, heart_rate = (float(np.where(np.isnan(each), 0.0, told).sum()) for each in (latitude_deg, trusted_bpm))
    return Quality(position / whole, heart_rate / whole)
