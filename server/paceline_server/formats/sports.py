"""What platforms call a sport → what we call it."""

from collections.abc import Mapping
from types import MappingProxyType

SPORTS = frozenset({"running", "walking", "hiking", "cycling", "swimming", "strength", "indoor", "other"})
_NEITHER = ("motor", "wheelchair", "horse", "snow", "ski", "waterpolo", "watersports", "table", "lacrosse")
_FRAGMENTS: Mapping[str, str] = MappingProxyType(
    {
        "strength": "strength",
        "weight": "strength",
        "lifting": "strength",
        "swim": "swimming",
        "hik": "hiking",
        "walk": "walking",
        "cycl": "cycling",
        "bik": "cycling",
        "ride": "cycling",
        "spinning": "cycling",
        "run": "running",
        "treadmill": "running",
        "elliptical": "indoor",
        "stair": "indoor",
        "indoor": "indoor",
        "cardio": "indoor",
        "interval": "indoor",
        "core": "indoor",
        "crosstraining": "indoor",
        "crossfit": "indoor",
        "fitness": "indoor",
        "rower": "indoor",
    }
)


def sport_of(word: str) -> str:
    """Return the sport that a platform's word means, "other" when it is none of ours.

    The words are Apple's (HKWorkoutActivityTypeRunning), Garmin's (lap_swimming), Strava's ("Virtual Ride"), Google's.
    """
    plain = "".join(sign for sign in word.lower() if sign.isalnum()).removeprefix("hkworkoutactivitytype")
    if any(part in plain for part in _NEITHER):
        return "other"
    return next((sport for part, sport in _FRAGMENTS.items() if part in plain), "other")
