"""What the API of the training takes and gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Day
from paceline_server.stats.shapes import Weekday

KindWord = Literal[
    "load_warning", "rest", "next_session", "pace_and_zones", "goal_at_risk", "streak_ending", "gear_worn"
]


class AdviceQuery(Struct, forbid_unknown_fields=True):
    """How to count weeks."""

    first_weekday: Weekday = 0


class FigureShown(Struct):
    """A figure behind a recommendation."""

    name: str
    value: float
    unit: str


class RangeShown(Struct):
    """A range of training; null where nothing tells it."""

    heart_rate_from_bpm: int | None
    heart_rate_to_bpm: int | None
    pace_from_s_km: float | None
    pace_to_s_km: float | None


class PaceShown(RangeShown, kw_only=True):
    """A named range: easy, marathon, threshold, interval."""

    name: str


class SessionShown(RangeShown, kw_only=True):
    """A session to do."""

    day: Day
    type: str
    intensity: str
    duration_s: float
    distance_m: float | None


class RecommendationShown(Struct):
    """An advice with the rule that gives it, the figures behind it, and how much of what it looks at is known."""

    kind: KindWord
    rule: str
    advice: str
    reason: str
    figures: list[FigureShown]
    confidence: Annotated[float, Meta(ge=0, le=1)]
    session: SessionShown | None
    paces: list[PaceShown]
    about: Annotated[str | None, Meta(description="The id of the goal or the gear.")]


class Recommendations(Struct):
    """What to do next, the most pressing first. It is advice on training, never on health."""

    today: Day
    recommendations: list[RecommendationShown]


class FeedbackShown(Struct):
    """Two or three sentences."""

    feedback: list[str]
