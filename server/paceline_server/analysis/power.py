"""Measured power: its mean, the highest means over usual times, and the normalised power, the even one as hard.

Allen, Coggan, McGregor, Training and Racing with a Power Meter, 3rd ed. (2019): the fourth root of the mean of the
fourth powers of the means over 30 s. Limits: for 20 minutes and more; for measured power, not for an estimate of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paceline_server.analysis.by_row import known_or_zero
from paceline_server.analysis.mean_max import POWER_S, mean_max_curve
from paceline_server.analysis.timer import cumulative_paused_s
from paceline_server.formats.recording import Column, Pause

WINDOW_S = 30
LONGEST_HOLD_S = 10.0
SHORTEST_S = 1200
LONGEST_S = 31 * 86_400.0  # of a damaged file's jump of the clock no array of seconds is made


class Power(NamedTuple):
    """Watts; `normalised_w` is None for less than 20 minutes, the curve (seconds, highest mean), rising."""

    mean_w: float
    highest_w: float
    normalised_w: float | None
    curve: tuple[tuple[float, float], ...]


def measured_power(time_s: Column, power_w: Column, pauses: Sequence[Pause] = ()) -> Power | None:
    """Return what a measured power says; None when nothing was measured. Zeros count, as nobody pedals then.

    None, too, for what lasts longer than LONGEST_S.
    """
    if len(time_s) < 2 or time_s[-1] - time_s[0] > LONGEST_S or np.isnan(power_w).all():
        return None
    seconds = power_by_second(time_s, power_w, pauses)
    normalised = normalised_power_w(seconds) if len(seconds) >= SHORTEST_S else None
    curve = mean_max_curve(time_s, power_w, POWER_S)
    return Power(float(known_or_zero(seconds).mean()), float(np.nanmax(power_w)), normalised, curve)


def power_by_second(time_s: Column, power_w: Column, pauses: Sequence[Pause] = ()) -> Column:
    """Return the power of each second of the timer; a value holds until the next one, 10 s at most, then it is NaN."""
    at_s = np.arange(time_s[0], time_s[-1] + 1.0)
    row = np.searchsorted(time_s, at_s, "right") - 1
    held = np.where(at_s - time_s[row] <= LONGEST_HOLD_S, power_w[row], np.nan)
    running = np.diff(at_s - cumulative_paused_s(at_s, pauses), prepend=at_s[0] - 1.0) >= 0.5
    return held[running]


def normalised_power_w(power_w: Column) -> float | None:
    """Return the normalised power of a power each second, pauses left out; None for less than 30 seconds.

    A missing second (NaN) counts as 0 W, as when nobody pedals. Windows lie fully inside.
    """
    if len(power_w) < WINDOW_S:
        return None
    total = np.concatenate([[0.0], np.cumsum(known_or_zero(power_w))])
    means = (total[WINDOW_S:] - total[:-WINDOW_S]) / WINDOW_S
    squares = means * means
    return float(np.mean(squares * squares) ** 0.25)
