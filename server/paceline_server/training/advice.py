"""What a recommendation is: an advice, the rule that gives it, the figures behind it, and how sure it is."""

from dataclasses import dataclass
from enum import StrEnum

from paceline_server.words.speech import AllSaid, Said


class Kind(StrEnum):
    """What a recommendation is about, the most pressing first."""

    LOAD_WARNING = "load_warning"
    REST = "rest"
    NEXT_SESSION = "next_session"
    PACE_AND_ZONES = "pace_and_zones"
    GOAL_AT_RISK = "goal_at_risk"
    STREAK_ENDING = "streak_ending"
    GEAR_WORN = "gear_worn"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that the rule looked at; `unit` "" is a mere number."""

    name: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A session to do on a day (as date.toordinal() counts); None: nothing tells it, or it does not matter.

    Heart rates and paces (seconds per kilometre) are ranges, the lower number first.
    """

    day: int
    sport: str
    intensity: str
    duration_s: float
    distance_m: float | None = None
    heart_rate_bpm: tuple[int, int] | None = None
    pace_s_km: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """A range of training: its name, heart rates and seconds per kilometre, None where they are not known."""

    name: str
    heart_rate_bpm: tuple[int, int] | None
    pace_s_km: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`rule` names one of docs/TRAINING.md; `advice` and `reason` are said when they are read.

    `confidence` (0 to 1) is how much of what the rule looks at is known; `about` is the id of the goal or the gear.
    """

    kind: Kind
    rule: str
    advice: Said
    reason: Said | AllSaid
    figures: tuple[Figure, ...]
    confidence: float
    session: Session | None = None
    paces: tuple[Pace, ...] = ()
    about: str | None = None
