"""Consistency: in how many of the last weeks one trained, and how alike these weeks were.

Our own definition, made to be read without a table. Of the twelve whole weeks before the one under way, or of those
since the first workout: the part with a workout, the part with workouts on three days and more (as often as the
guidelines of the WHO (2020) are usually split up), the mean number of such days a week, and the regularity, which is
mean / (mean + standard deviation) of those days: 1 when all weeks are alike, 0.5 when they differ by as much as there
is. Limits: it counts days and not minutes; under four weeks nothing is said.
"""

from typing import NamedTuple

import numpy as np

from paceline_server.analysis.periods import MONDAY, Days, first_day, first_days

WEEKS, LEAST_WEEKS = 12, 4
OFTEN_DAYS = 3


class Consistency(NamedTuple):
    """Parts from 0 to 1, of so many weeks; `regularity` is 0 when there was no workout at all."""

    weeks: int
    with_one: float
    with_three_days: float
    days_a_week: float
    regularity: float


def consistency(days: Days, today: int, first_weekday: int = MONDAY) -> Consistency | None:
    """Return the figures of the days that have a workout (in any order, more than once); None in the first weeks."""
    known = np.unique(days[days <= today])
    if len(known) == 0:
        return None
    now = first_day(today, "week", first_weekday)
    begun = first_day(int(known[0]), "week", first_weekday)
    weeks = min(WEEKS, (now - begun) // 7)
    if weeks < LEAST_WEEKS:
        return None
    place = (first_days(known, "week", first_weekday) - now) // 7 + weeks
    active = np.bincount(place[(place >= 0) & (place < weeks)], minlength=weeks)
    mean, spread = float(active.mean()), float(active.std())
    return Consistency(
        weeks,
        float((active > 0).mean()),
        float((active >= OFTEN_DAYS).mean()),
        mean,
        mean / (mean + spread) if mean > 0 else 0.0,
    )
