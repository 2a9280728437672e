"""What the API of the training takes and gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Day, Uuid
from paceline_server.stats.shapes import Totals, Weekday

KindWord = Literal[
    "load_warning", "rest", "next_session", "pace_and_zones", "goal_at_risk", "streak_ending", "gear_worn"
]


class AdviceQuery(Struct, forbid_unknown_fields=True):
    """How to count weeks."""

    first_weekday: Weekday | None = None


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


class MarkShown(Struct):
    """A mark, and the activity and the day that reached it; null: not yet."""

    value: float
    activity_id: Uuid | None
    reached_on: Day | None


class AchievementShown(Struct):
    """How far one is by a rule; `value` and marks are in `unit`, `next_value` is null when all are reached."""

    rule: str
    title: str
    type: str | None
    unit: str
    value: float
    next_value: float | None
    marks: list[MarkShown]


class Achievements(Struct):
    """What was reached, and how far the next marks are."""

    achievements: list[AchievementShown]


class MonthShown(Struct):
    """A month of a year."""

    month: int
    count: int
    distance_m: float
    time_s: float


class HighlightShown(Struct):
    """What stood out in a year: the activity, its day, and the value in `unit`."""

    name: str
    value: float
    unit: str
    type: str
    activity_id: Uuid
    day: Day


class YearBest(Struct):
    """A best that was set in the year over a distance; `bettered`: there was one before it."""

    type: str
    distance_m: float
    duration_s: float
    activity_id: Uuid
    bettered: bool


class YearShown(Struct):
    """A year in review, by the days where the activities were."""

    year: int
    totals: Totals
    before: Totals
    by_sport: dict[str, Totals]
    months: list[MonthShown]
    active_days: int
    longest_streak_days: int
    highlights: list[HighlightShown]
    bests: list[YearBest]


class YearQuery(Struct, forbid_unknown_fields=True):
    """Which year; the current one when nothing is said."""

    year: Annotated[int, Meta(ge=1970, le=2200)] | None = None
