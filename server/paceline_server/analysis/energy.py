"""Energy of a workout, gross: what the body needs at rest is part of it. The formulas of the wrist (docs/WORKOUTS.md).

Moving with a sure heart rate of 90 bpm and more: Keytel et al., J Sports Sci 23 (2005) 289-297, the equations without
oxygen uptake, fitted to people of 18 to 45 at 57 to 90 % of their highest heart rate. Else MET × body mass: Ainsworth
et al., 2011 Compendium of Physical Activities, by speed on foot and on the bicycle. Pauses count nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from paceline_server.analysis.athlete import USUAL_AGE_YEARS, USUAL_MASS_KG, Athlete
from paceline_server.formats.recording import Column

KJ_PER_KCAL = 4.184
LOWEST_BPM = 90
STANDING_MET = 1.3
SPORT_MET: Mapping[str, float] = MappingProxyType(
    {"running": 9.8, "walking": 3.5, "hiking": 6.0, "cycling": 7.5, "swimming": 5.8, "strength": 3.5, "indoor": 5.0}
)
OTHER_MET = 4.0
# Speeds in m/s and METs: walking at 2.0 to 4.5 mph (17152-17231), running at 5 to 12 mph (12030-12134); riding at 5.5,
# 9.4, 11, 13, 15, 17.5 and 20 mph (01018, 01019, 01020-01050). The wrist holds the same in dm/s.
_ON_FOOT = (
    (0.9, 1.1, 1.3, 1.6, 1.8, 2.0, 2.2, 2.7, 3.1, 3.6, 4.0, 4.5, 4.9, 5.4),
    (2.8, 3.0, 3.5, 4.3, 5.0, 7.0, 8.3, 9.8, 11.0, 11.8, 12.8, 14.5, 16.0, 19.0),
)
_RIDING = ((2.5, 4.2, 4.9, 5.8, 6.7, 7.8, 8.9), (3.5, 5.8, 6.8, 8.0, 10.0, 12.0, 15.8))
_BY_SPEED = {"running": _ON_FOOT, "walking": _ON_FOOT, "cycling": _RIDING}


class Energy(NamedTuple):
    """Kilocalories in all, and how many of them the body would have needed at rest (1 MET) in the same time."""

    kcal: float
    basal_kcal: float


def met_hours(sport: str, speed_m_s: Column, moving_s: Column, standing_s: Column) -> float:
    """Return the MET hours of rows that are told by speed: those of the seconds moved, and 1.3 MET for those stood.

    Every array has a value for each row; a speed that is missing (NaN), or tells nothing in this sport, means the
    sport's own MET.
    """
    own = SPORT_MET.get(sport, OTHER_MET)
    met = np.interp(speed_m_s, *_BY_SPEED[sport]) if sport in _BY_SPEED else np.full(len(speed_m_s), own)
    met[np.isnan(met)] = own
    return float(met @ moving_s + STANDING_MET * standing_s.sum()) / 3600


def energy(moving_heart_s: Column, other_met_h: float, timer_s: float, athlete: Athlete) -> Energy:
    """Return the energy of a workout of `timer_s` seconds without its pauses.

    `moving_heart_s` are the seconds moved at each whole heart rate; those from LOWEST_BPM on count here, and
    `other_met_h` are the MET hours of all other seconds. What is not known of the athlete is as usual: 35 years, 70 kg,
    the mean of both sexes.
    """
    mass = USUAL_MASS_KG if athlete.mass_kg is None else athlete.mass_kg
    age = USUAL_AGE_YEARS if athlete.age_years is None else athlete.age_years
    bpm = np.arange(LOWEST_BPM, len(moving_heart_s))
    female = -20.4022 + 0.4472 * bpm - 0.1263 * mass + 0.074 * age  # kJ a minute
    male = -55.0969 + 0.6309 * bpm + 0.1988 * mass + 0.2017 * age
    a_minute = {"female": female, "male": male}.get(athlete.sex, (female + male) / 2) / KJ_PER_KCAL
    at_least = STANDING_MET * mass / 60
    by_heart = np.maximum(a_minute, at_least) @ moving_heart_s[LOWEST_BPM:] / 60
    return Energy(float(by_heart) + other_met_h * mass, mass * timer_s / 3600)
