"""Fitness, fatigue and form out of the load of every day, and how even a week was.

The impulse-response model of Banister et al., Aust J Sports Med 7 (1975) 57-61, as Coggan's performance chart draws it:
each is the mean of the loads with weights that fade, by e in 42 days for fitness and in 7 for fatigue. Form is the
difference of the day before. Monotony and strain: Foster, Med Sci Sports Exerc 30 (1998) 1164-1168. Limits: the days
are usual ones, not one's own; loads without a heart rate are missing; it says how much was trained, not how well.
"""

from typing import NamedTuple

import numpy as np

from paceline_server.formats.recording import Column

FITNESS_DAYS, FATIGUE_DAYS = 42.0, 7.0
WEEK_DAYS = 7


class TrainingForm(NamedTuple):
    """Arrays, a value for each day; `ramp` is what fitness gained in the last week."""

    fitness: Column
    fatigue: Column
    form: Column
    ramp: Column


class Evenness(NamedTuple):
    """Of the seven days that end with each day; NaN where fewer are known, or all are the same."""

    monotony: Column
    strain: Column


def training_form(daily_load: Column) -> TrainingForm:
    """Return the figures of every day, from the load of all days in a row (0 on days of rest), beginning with none."""
    fitness, fatigue = _fading(daily_load, FITNESS_DAYS), _fading(daily_load, FATIGUE_DAYS)
    balance = fitness - fatigue
    before = np.concatenate([np.zeros(WEEK_DAYS), fitness])[: len(fitness)]
    return TrainingForm(fitness, fatigue, np.concatenate([[0.0], balance])[: len(balance)], fitness - before)


def evenness(daily_load: Column) -> Evenness:
    """Return monotony (mean / standard deviation of the population of seven days) and strain (their sum × monotony)."""
    monotony = np.full(len(daily_load), np.nan)
    strain = monotony.copy()
    if len(daily_load) < WEEK_DAYS:
        return Evenness(monotony, strain)
    weeks = np.lib.stride_tricks.sliding_window_view(daily_load, WEEK_DAYS)
    deviation = weeks.std(axis=1)
    known = deviation > 1e-9 * np.maximum(weeks.max(axis=1), 1.0)
    monotony[WEEK_DAYS - 1 :][known] = weeks.mean(axis=1)[known] / deviation[known]
    strain[WEEK_DAYS - 1 :][known] = weeks.sum(axis=1)[known] * monotony[WEEK_DAYS - 1 :][known]
    return Evenness(monotony, strain)


def _fading(daily_load: Column, days: float) -> Column:
    kept = float(np.exp(-1 / days))
    level, levels = 0.0, []
    for load in daily_load.tolist():
        level = level * kept + load * (1 - kept)
        levels.append(level)
    return np.array(levels)
