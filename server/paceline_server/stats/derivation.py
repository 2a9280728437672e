"""From an activity to its sums: they follow from it and the time zone alone, so that any rebuild gives the same."""

import hashlib
from dataclasses import fields
from datetime import date

from paceline_server.activities.model import FINISHED, Activity
from paceline_server.analysis.strength import volume_kg
from paceline_server.stats.model import EFFORT, HEART, Sums

SUMS_NAMES = tuple(field.name for field in fields(Sums))
_LARGEST = 0xFFFF_FFFF
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LAST_DAY = 230 * 365  # a clock that is further off tells nothing


def sums_of(activity: Activity, zone_s: int) -> Sums | None:
    """Return what an activity adds; None while it is live, as it is no workout yet, and where another counts for it."""
    if activity.status != FINISHED or activity.behind is not None:
        return None
    found = activity.findings
    heart = efforts = b""
    if found is not None:
        heart = b"".join(HEART.pack(bpm, _fitting(1000 * seconds)) for bpm, seconds in found.heart_s)
        efforts = b"".join(
            EFFORT.pack(_fitting(100 * one.distance_m), _fitting(1000 * one.duration_s))
            for one in found.efforts_by_distance
        )
    return Sums(
        activity.owner_id,
        activity.activity_id,
        activity.start_utc_s,
        zone_s,
        local_day(activity.start_utc_s, zone_s),
        activity.sport,
        activity.source,
        round(100 * activity.distance_m),
        round(1000 * activity.duration_s),
        round(1000 * activity.moving_time_s),
        round(100 * (activity.ascent_m or 0)),
        round(1000 * (activity.calories_kcal or 0)),
        heart,
        efforts,
        round(1000 * volume_kg((one.load_kg or 0.0, one.repetitions) for one in activity.sets)),
    )


def local_day(utc_s: float, zone_s: int) -> int:
    """Return the day on a clock that many seconds east of UTC, as date.toordinal() counts; within 1970 to 2200."""
    return _EPOCH_DAY + int(min(max((utc_s + zone_s) // 86400, 0), _LAST_DAY))


def stamp_of(sums: Sums) -> int:
    """Return 40 bits of a hash of all that is in the row: other contents, another stamp, but for one in 10¹² cases."""
    digest = hashlib.blake2b(repr(tuple(getattr(sums, name) for name in SUMS_NAMES)).encode(), digest_size=5).digest()
    return int.from_bytes(digest, "big")


def _fitting(value: float) -> int:
    return min(round(value), _LARGEST)
