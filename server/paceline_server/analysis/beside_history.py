"""An activity beside those of its owner before it: what is told of it is true of the moment after it."""

from typing import NamedTuple

import numpy as np

from paceline_server.analysis.history import History
from paceline_server.analysis.periods import MONDAY, first_day
from paceline_server.formats.recording import Column

USUAL_DAYS, LEAST_USUAL = 42, 4


class Bettered(NamedTuple):
    """A best that the activity set: seconds over a distance, those of the best before it, and whether it stands."""

    distance_m: float
    duration_s: float
    before_s: float
    stands: bool


class Beside(NamedTuple):
    """What was before it in its sport; the `usual_` figures are medians of six weeks, None when fewer than 4 tell.

    `in_week` is its number in its week, over all sports, `week_m` the distance of the week up to it.
    """

    in_week: int
    week_m: float
    before: int
    longest_before_m: float
    longest_before_s: float
    load: float | None
    usual_load: float | None
    capacity: float | None
    usual_capacity: float | None
    bettered: tuple[Bettered, ...]


def beside(
    history: History, load: Column | None, capacity: Column, activity_id: str, first_weekday: int = MONDAY
) -> Beside | None:
    """Return what was before an activity; None when it is not in the history.

    `load` and `capacity` are those of each activity: History.load(), and capacities() of capacity_by_heart.py.
    """
    if activity_id not in history.activity_ids:
        return None
    row = history.activity_ids.index(activity_id)  # rows are in the order of their beginning
    day, count = int(history.day[row]), len(history.day)
    upto = np.arange(count) <= row
    in_week = upto & (history.day >= first_day(day, "week", first_weekday)) & (history.day <= day)
    before = upto & (history.sport == history.sport[row])
    before[row] = False
    lately = before & (history.day > day - USUAL_DAYS)
    return Beside(
        in_week=int(in_week.sum()),
        week_m=float(history.sums["distance_cm"][in_week].sum()) / 100,
        before=int(before.sum()),
        longest_before_m=_most(history.sums["distance_cm"][before]) / 100,
        longest_before_s=_most(history.sums["moving_ms"][before]) / 1000,
        load=None if load is None or load[row] <= 0 else float(load[row]),
        usual_load=None if load is None else _usual(load[lately & (load > 0)]),
        capacity=None if np.isnan(capacity[row]) else float(capacity[row]),
        usual_capacity=_usual(capacity[lately & ~np.isnan(capacity)]),
        bettered=_bettered(history, activity_id, history.sports[int(history.sport[row])]),
    )


def _bettered(history: History, activity_id: str, sport: str) -> tuple[Bettered, ...]:
    found = []
    for (of_sport, metres), each in history.bests.items():
        if of_sport != sport:
            continue
        for place in range(1, len(each)):
            if each[place].activity_id == activity_id:
                stands = place == len(each) - 1
                found.append(Bettered(metres, each[place].duration_s, each[place - 1].duration_s, stands))
    return tuple(found)


def _most(values: np.ndarray) -> float:
    return float(values.max()) if len(values) else 0.0


def _usual(values: Column) -> float | None:
    return float(np.median(values)) if len(values) >= LEAST_USUAL else None
