"""Who did an activity: what the profile and the wearable's settings say of its owner, and the resting heart rate."""

import struct
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from paceline_protocol import wrist_settings

from paceline_server.activities.model import ActivitySummary
from paceline_server.analysis.athlete import UNKNOWN, Athlete
from paceline_server.analysis.history import Athletes
from paceline_server.daily.model import OWNER_SLOT, RESTING
from paceline_server.daily.service import DailyService
from paceline_server.desired.service import DesiredService
from paceline_server.errors import NotFoundError
from paceline_server.profile.model import BodyValue, Profile
from paceline_server.profile.service import ProfileService, told_over
from paceline_server.stats.model import WEARABLE

_RESTING_DAYS = 7
_DATED = ("max_heart_rate_bpm", "resting_heart_rate_bpm")


async def athlete_of(
    desired: DesiredService, daily: DailyService, profiles: ProfileService, activity: ActivitySummary
) -> Athlete:
    """Return what is known of the owner for this activity."""
    return await athlete_by(desired, daily, profiles, activity.owner_id, activity.source, activity.start_utc_s)


async def athlete_by(
    desired: DesiredService, daily: DailyService, profiles: ProfileService, owner_id: str, source: str, utc_s: float
) -> Athlete:
    """Return what is known of the owner at a time, by the source of an activity (a wearable, or a file).

    The profile's dated values are those of that day; they go over the wearable's settings, which are the latest ones.
    """
    athlete = await _by_wearable(desired, owner_id, source, utc_s)
    athlete = await profiles.athlete(owner_id, utc_s, athlete)
    if athlete.resting_heart_rate_bpm is not None:
        return athlete
    return replace(athlete, resting_heart_rate_bpm=await _resting_bpm(daily, owner_id, utc_s))


async def athletes_over_time(
    desired: DesiredService, daily: DailyService, profiles: ProfileService, owner_id: str, source: str, now_s: float
) -> Athletes:
    """Return who the owner was from each day on of which the profile tells a heart rate.

    What it does not tell is as of now: the wearable's settings, and the resting heart rate of the last week.
    """
    base = await _by_wearable(desired, owner_id, source, now_s)
    if base.resting_heart_rate_bpm is None:
        base = replace(base, resting_heart_rate_bpm=await _resting_bpm(daily, owner_id, now_s))
    return told_from_days(base, await profiles.get(owner_id), await profiles.body(owner_id), now_s)


def told_from_days(base: Athlete, profile: Profile, body: Iterable[BodyValue], now_s: float) -> Athletes:
    """Return who `base` was from each day on of which the profile tells a heart rate."""
    values: dict[str, float] = {}
    found = [(0, told_over(base, profile, values, datetime.fromtimestamp(now_s, UTC).date()))]
    for one in sorted(body, key=lambda one: one.from_day):
        if one.metric in _DATED:
            values[one.metric] = one.value
            day = date.fromisoformat(one.from_day)
            found.append((day.toordinal(), told_over(base, profile, values, day)))
    return tuple(found)


async def _by_wearable(desired: DesiredService, owner_id: str, source: str, utc_s: float) -> Athlete:
    if not source.startswith(WEARABLE):
        return UNKNOWN
    try:
        # By hand alone: what is composed is today's profile, which holds for other days with other values.
        data = await desired.settings_by_hand(owner_id, source.removeprefix(WEARABLE))
    except NotFoundError:
        return UNKNOWN  # a wearable that was given back, or has no settings
    return athlete_in_settings(data, utc_s)


async def _resting_bpm(daily: DailyService, owner_id: str, utc_s: float) -> float | None:
    """Return the mean of the days' resting heart rates of the week that ends then."""
    day = datetime.fromtimestamp(utc_s, UTC).date()
    week = await daily.days(owner_id, day - timedelta(days=_RESTING_DAYS - 1), day)
    resting = [values.values[RESTING] for values in week if RESTING in values.values]
    return sum(resting) / len(resting) if resting else None


def athlete_in_settings(data: bytes, utc_s: float) -> Athlete:
    """Return the owner in a checked settings blob, as old as at this time; UNKNOWN when the owner is not in it."""
    for place in range(data[3]):
        user = struct.unpack_from(wrist_settings.USER_FORMAT, data, wrist_settings.user_at(place))
        slot, _, birth_year, sex, weight_hg, _, highest, resting, zones = user[:9]
        if slot == OWNER_SLOT:
            year = datetime.fromtimestamp(utc_s, UTC).year
            return Athlete(
                sex=wrist_settings.SEXES[sex],
                age_years=float(year - birth_year) if 0 < birth_year < year else None,
                mass_kg=weight_hg / 10 if weight_hg else None,
                max_heart_rate_bpm=float(highest) if highest else None,
                resting_heart_rate_bpm=float(resting) if resting else None,
                zones_bpm=tuple(zones) if zones[-1] else None,
            )
    return UNKNOWN
