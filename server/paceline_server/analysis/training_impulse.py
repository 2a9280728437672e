"""Training impulse: how much a workout asked of the heart.

Banister, in MacDougall, Wenger, Green (eds.), Physiological Testing of the High-Performance Athlete, 2nd ed. (1991):
minutes × r × 0.64 e^(1.92 r) for men, 0.86 e^(1.67 r) for women, where r is the part of the heart rate's reserve,
(heart rate - resting) / (highest - resting). Summed over every second, not taken of the mean, so that intervals count
for what they are. Limits: the factors were fitted to the blood lactate of few people; strength training is hardly seen.
"""

import numpy as np

from paceline_server.formats.recording import Column

_MEN, _WOMEN = (0.64, 1.92), (0.86, 1.67)


def training_impulse(heart_s: Column, resting_bpm: float, highest_bpm: float, sex: str) -> float:
    """Return the impulse (no unit; an easy hour has about 50, a hard one 150).

    `heart_s` are the seconds at each whole heart rate (heart_time.py). An unknown sex is the mean of both. Beyond the
    resting and the highest heart rate nothing is added. ValueError when the highest is not above the resting one.
    """
    if not highest_bpm > resting_bpm:
        raise ValueError(f"the highest heart rate {highest_bpm:g} is not above the resting one {resting_bpm:g}")
    weights = impulse_a_minute(np.arange(float(len(heart_s))), resting_bpm, highest_bpm, sex)
    return float((heart_s / 60 * weights).sum())


def impulse_of_an_hour(bpm: float, resting_bpm: float, highest_bpm: float, sex: str) -> float:
    """Return the impulse of an hour at one heart rate."""
    return 60 * float(impulse_a_minute(np.array([bpm]), resting_bpm, highest_bpm, sex)[0])


def impulse_a_minute(bpm: Column, resting_bpm: float | Column, highest_bpm: float | Column, sex: str) -> Column:
    """Return what a minute at each heart rate adds; the highest ones are above the resting ones."""
    reserve = np.clip((bpm - resting_bpm) / (highest_bpm - resting_bpm), 0.0, 1.0)
    factors = {"male": (_MEN,), "female": (_WOMEN,)}.get(sex, (_MEN, _WOMEN))
    return reserve * sum(base * np.exp(slope * reserve) for base, slope in factors) / len(factors)
