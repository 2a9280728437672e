"""Periods of days: which day, week, month or year a day belongs to. A day is a number, as date.toordinal() counts."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]

KINDS = ("day", "week", "month", "year", "all")
MONDAY, SUNDAY = 0, 6
_EPOCH_DAY = 719_163  # 1970-01-01


def first_day(day: int, kind: str, first_weekday: int = MONDAY) -> int:
    """Return the first day of a day's period."""
    return int(first_days(np.array([day]), kind, first_weekday)[0])


def periods_between(first: int, last: int, kind: str, first_weekday: int = MONDAY) -> list[int]:
    """Return the first days of all periods that have one of the days from `first` to `last`, rising."""
    return np.unique(first_days(np.arange(first, last + 1), kind, first_weekday)).tolist()


def first_days(days: Days, kind: str, first_weekday: int = MONDAY) -> Days:
    """Return the first day of every day's period; 0 for "all". Weeks begin on `first_weekday` (0 Monday … 6 Sunday)."""
    if kind == "day":
        return days
    if kind == "week":
        return days - (days - 1 - first_weekday) % 7  # day 1 was a Monday
    if kind == "all":
        return np.zeros_like(days)
    unit = {"month": "datetime64[M]", "year": "datetime64[Y]"}[kind]
    starts = (days - _EPOCH_DAY).astype("datetime64[D]").astype(unit).astype("datetime64[D]")
    return starts.astype(np.int64) + _EPOCH_DAY


def means(by_day: Mapping[int, float], kind: str, first_weekday: int = MONDAY) -> dict[int, float]:
    """Return the means of the days' values by the first day of each period that has one."""
    days, values = np.array(list(by_day), np.int64), np.array(list(by_day.values()), np.float64)
    starts, place = np.unique(first_days(days, kind, first_weekday), return_inverse=True)
    sums, counts = np.bincount(place, values, len(starts)), np.bincount(place, minlength=len(starts))
    return dict(zip(starts.tolist(), (sums / counts).tolist(), strict=True))
