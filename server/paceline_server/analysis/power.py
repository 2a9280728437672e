"""Normalised power: the even power that would have been as hard.

Allen, Coggan, McGregor, Training and Racing with a Power Meter, 3rd ed. (2019): the fourth root of the mean of the
fourth powers of the means over 30 s. Limits: for 20 minutes and more; for measured power, not for an estimate of it.
"""

import numpy as np

from paceline_server.formats.recording import Column

WINDOW_S = 30


def normalised_power_w(power_w: Column) -> float | None:
    """Return the normalised power of a power each second, pauses left out; None for less than 30 seconds.

    A missing second (NaN) counts as 0 W, as when nobody pedals. Windows lie fully inside.
    """
    if len(power_w) < WINDOW_S:
        return None
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(power_w))])
    means = (total[WINDOW_S:] - total[:-WINDOW_S]) / WINDOW_S
    return float(np.mean(means**4) ** 0.25)
