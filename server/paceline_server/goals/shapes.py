"""What the API of the goals takes and gives."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Day, Utc, Uuid

GoalType = Annotated[
    str,
    Meta(
        pattern="^((daily|weekly|monthly|yearly|total)_(distance|time|count|calories|ascent|volume|steps|active_minutes"
        "|floors)|total_(streak|weight))$",
        max_length=64,
        examples=["weekly_distance"],
        description="Period and metric; `total` is all of the time from start to end.",
    ),
]
Target = Annotated[
    float, Meta(gt=0, le=1e9, examples=[20000], description="In the metric's unit: m, s, kcal, kg, days.")
]
Title = Annotated[str, Meta(max_length=100)]
Weekday = Annotated[
    int, Meta(ge=0, le=6, description="On which a week begins: 0 Monday to 6 Sunday; left out, as the profile says.")
]


class NewGoal(Struct, forbid_unknown_fields=True):
    """A goal to be made; it begins today when nothing else is said, and goes on for ever without an end."""

    goal_type: GoalType
    target_value: Target
    start_date: date | None = None
    end_date: date | None = None
    sport: Annotated[str, Meta(min_length=1, max_length=32, examples=["running"])] | None = None
    first_weekday: Weekday | None = None
    recurring: Annotated[bool, Meta(description="False: only the period in which it begins.")] = True
    title: Title = ""
    client_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class GoalChange(Struct, forbid_unknown_fields=True):
    """What is to be changed; `end_date` null: for ever."""

    target_value: Target | UnsetType = UNSET
    end_date: date | UnsetType | None = UNSET
    title: Title | UnsetType = UNSET


class GoalShown(Struct):
    """A goal, and how far it is in the period under way."""

    goal_id: Uuid
    goal_type: str
    metric: str
    unit: str
    target_value: float
    period: str
    sport: str | None
    title: str
    start_date: Day
    end_date: Day | None
    first_weekday: int
    current_period_progress: float | None
    current_period_start: Day
    current_period_end: Day | None
    achieved: bool
    reached_at: Utc | None
    created_at: Utc


class Goals(PageShown):
    """Goals, in the order in which they were made."""

    goals: list[GoalShown]


class PeriodsQuery(Struct, forbid_unknown_fields=True):
    """How many periods."""

    limit: Annotated[int, Meta(ge=1, le=400)] = 60


class GoalPeriod(Struct):
    """How far a goal was in a period, by what is known now; and when it was first seen to be reached."""

    start: Day
    end: Day | None
    progress: float | None
    achieved: bool
    reached_at: Utc | None


class GoalPeriods(Struct):
    """A goal's periods, the latest first."""

    periods: list[GoalPeriod]
