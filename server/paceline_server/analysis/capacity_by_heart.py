"""VO2max from ordinary runs: what their speed costs, and how much of the heart rate's reserve that took.

The cost of running on the flat is 3.5 + 0.2 ml for each metre a minute (American College of Sports Medicine, Guidelines
for Exercise Testing and Prescription, 8th ed. (2010), chapter 7); the part of the heart rate's reserve in use is that
of the oxygen's reserve (Swain and Leutholtz, Med Sci Sports Exerc 29 (1997) 410-414). Limits: an estimate, off by 10 %
and more for a person; heat, hills and wind make it too low, a highest heart rate that is set too high makes it too
high. Only runs of 20 minutes and more at 2.2 to 6.7 m/s, between 50 and 90 % of the reserve, with a sure heart rate for
four fifths of the time, tell anything.
"""

import numpy as np

from paceline_server.analysis.history import Athletes, History
from paceline_server.formats.recording import Column

AT_REST = 3.5
SHORTEST_S = 1200.0
SPEEDS_M_S = (2.2, 6.7)
RESERVE = (0.5, 0.9)
LEAST_KNOWN = 0.8


def capacity_by_heart_ml_kg_min(speed_m_s: Column, bpm: Column, resting_bpm: Column, highest_bpm: Column) -> Column:
    """Return the estimate of each run, NaN where it tells nothing; all arrays are of the same length."""
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (bpm - resting_bpm) / (highest_bpm - resting_bpm)
        cost = 0.2 * 60 * speed_m_s
        told = (part >= RESERVE[0]) & (part <= RESERVE[1]) & (highest_bpm > resting_bpm)
        told &= (speed_m_s >= SPEEDS_M_S[0]) & (speed_m_s <= SPEEDS_M_S[1])
        return np.where(told, AT_REST + cost / part, np.nan)


def capacities(history: History, athletes: Athletes) -> Column:
    """Return the estimate of each activity of a history, NaN for what is no such run."""
    count = len(history.day)
    held_s = np.bincount(history.heart_row, history.heart["ms"] / 1000, count)
    beats = np.bincount(history.heart_row, history.heart["ms"] / 1000 * history.heart["bpm"], count)
    moving_s = history.sums["moving_ms"] / 1000
    with np.errstate(divide="ignore", invalid="ignore"):
        speed, bpm = history.sums["distance_cm"] / 100 / moving_s, beats / held_s
    resting, highest = history.heart_bounds(athletes)
    found = capacity_by_heart_ml_kg_min(speed, bpm, resting, highest)
    told = history.of_sport("running") & (moving_s >= SHORTEST_S) & (held_s >= LEAST_KNOWN * moving_s)
    return np.where(told, found, np.nan)
