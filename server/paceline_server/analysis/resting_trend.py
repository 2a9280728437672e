"""The resting heart rate of the last days beside what is usual for somebody.

Limits: heat, sleep, a cold, alcohol and hard training raise it all alike; it says that something asks for rest, never
what (Dressendorfer et al., Phys Sportsmed 13 (1985) 77-86, for runners).
"""

from collections.abc import Mapping
from typing import NamedTuple

RECENT_DAYS, USUAL_DAYS = 3, 28
LEAST_RECENT, LEAST_USUAL = 2, 10


class RestingTrend(NamedTuple):
    """The means of the last 3 days and of the 28 before them, and how many of the 28 are known."""

    recent_bpm: float
    usual_bpm: float
    known_days: int


def resting_trend(bpm_by_day: Mapping[int, float], today: int) -> RestingTrend | None:
    """Return the trend; None when fewer than 2 of the last 3 days, or 10 of the 28 before, are known."""
    recent = [bpm_by_day[day] for day in range(today - RECENT_DAYS + 1, today + 1) if day in bpm_by_day]
    before = range(today - RECENT_DAYS - USUAL_DAYS + 1, today - RECENT_DAYS + 1)
    usual = [bpm_by_day[day] for day in before if day in bpm_by_day]
    if len(recent) < LEAST_RECENT or len(usual) < LEAST_USUAL:
        return None
    return RestingTrend(sum(recent) / len(recent), sum(usual) / len(usual), len(usual))
