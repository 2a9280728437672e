"""What the best efforts of the last weeks say a runner could run now, and VO2max over time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paceline_server.analysis.capacity_by_heart import capacities
from paceline_server.analysis.history import Athletes, History
from paceline_server.analysis.periods import MONDAY, first_days
from paceline_server.analysis.running_capacity import LONGEST_S, SHORTEST_S, race_s, riegel_s, vdot

LOOKED_BACK_DAYS = 90
SHORTEST_M = 1500.0  # over less, the noise of positions makes records
RACES_M = (5000.0, 10_000.0, 21_097.5, 42_195.0)
CAPACITY_DAYS = 42


class RaceForm(NamedTuple):
    """The effort that tells the highest VDOT (running_capacity.py), and where and when it was done."""

    vdot: float
    distance_m: float
    duration_s: float
    activity_id: str
    day: int


class Prediction(NamedTuple):
    """Seconds over a distance: by VDOT, and the shorter and the longer of what VDOT and Riegel say.

    `reach` is how far that goes beyond the effort: the longer distance by the shorter one.
    """

    distance_m: float
    duration_s: float
    shortest_s: float
    longest_s: float
    reach: float


class Capacity(NamedTuple):
    """VO2max in ml/kg/min: the median of so many runs, and the half of the range in which the middle half lies."""

    ml_kg_min: float
    spread: float
    runs: int


def race_form(history: History, today: int) -> RaceForm | None:
    """Return what the best running effort of the last 90 days tells; None without one of 1,500 m and more."""
    if "running" not in history.sports:
        return None
    days = history.day[history.effort_row]
    chosen = (history.sport == history.sports.index("running"))[history.effort_row]
    chosen &= (days > today - LOOKED_BACK_DAYS) & (days <= today) & (history.effort["cm"] >= 100 * SHORTEST_M)
    chosen &= (history.effort["ms"] >= 1000 * SHORTEST_S) & (history.effort["ms"] <= 1000 * LONGEST_S)
    best: RaceForm | None = None
    for cm in np.unique(history.effort["cm"][chosen]).tolist():
        # The fastest over each distance tells most of that distance: only so many are looked at.
        places = np.flatnonzero(chosen & (history.effort["cm"] == cm))
        place = int(places[history.effort["ms"][places].argmin()])
        row, duration_s = int(history.effort_row[place]), int(history.effort["ms"][place]) / 1000
        told = vdot(cm / 100, duration_s)
        if told is not None and (best is None or told > best.vdot):
            best = RaceForm(told, cm / 100, duration_s, history.activity_ids[row], int(history.day[row]))
    return best


def predictions(form: RaceForm, races_m: Sequence[float] = RACES_M) -> list[Prediction]:
    """Return what each race would take now."""
    found = []
    for metres in races_m:
        by_vdot, by_riegel = race_s(form.vdot, metres), riegel_s(form.distance_m, form.duration_s, metres)
        reach = max(metres / form.distance_m, form.distance_m / metres)
        found.append(Prediction(metres, by_vdot, min(by_vdot, by_riegel), max(by_vdot, by_riegel), reach))
    return found


def capacity_now(history: History, athletes: Athletes, today: int) -> Capacity | None:
    """Return the VO2max that the runs of the last six weeks tell by speed and heart rate; None when none does."""
    every = capacities(history, athletes)
    known = every[(history.day > today - CAPACITY_DAYS) & (history.day <= today) & ~np.isnan(every)]
    if len(known) == 0:
        return None
    low, middle, high = np.percentile(known, (25, 50, 75)).tolist()
    return Capacity(middle, (high - low) / 2, len(known))


def capacity_series(history: History, athletes: Athletes, kind: str, first_weekday: int = MONDAY) -> dict[int, float]:
    """Return the median of each period that has such runs, by the period's first day."""
    every = capacities(history, athletes)
    known = ~np.isnan(every)
    starts = first_days(history.day[known], kind, first_weekday)
    return {start: float(np.median(every[known][starts == start])) for start in np.unique(starts).tolist()}
