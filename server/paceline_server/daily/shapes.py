"""What the API of the days takes and gives."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from paceline_server.platform.openapi.parameters import Day, Utc, Uuid
from paceline_server.uploads.shapes import NewActivity

Counted = Literal[
    "steps", "kilocalories", "active_minutes", "worn_minutes", "sleep_minutes", "floors", "ascent_m", "distance_m"
]
Metric = Literal[Counted, "resting_heart_rate_bpm", "weight_kg"]
Stage = Literal["asleep", "awake", "light", "deep", "rem", "in_bed"]
Name = Annotated[str, Meta(min_length=1, max_length=64, examples=["phone"])]
Date = Annotated[str, Meta(min_length=10, max_length=10, examples=["2026-05-04"])]
Moment = Annotated[str, Meta(min_length=10, max_length=40, examples=["2026-05-04T06:30:00Z"])]
Figure = Annotated[float, Meta(ge=0, le=1_000_000, description="Null takes it back.", examples=[640])]
MOST_AT_ONCE = 2000


class DaysQuery(Struct, forbid_unknown_fields=True):
    """Which days, at most 366; left out, the last thirty."""

    first_day: date | None = field(default=None, name="from")
    last_day: date | None = field(default=None, name="to")


class HistoryQuery(DaysQuery, forbid_unknown_fields=True, kw_only=True):
    """Which metric, of which days."""

    metric: Metric


class StageShown(Struct):
    """A part of a sleep."""

    stage: Stage
    start_time: Utc
    end_time: Utc


class SleepShown(Struct):
    """A sleep that ended in the day."""

    source: str
    sleep_id: str
    start_time: Utc
    end_time: Utc
    stages: list[StageShown]


class Figures(Struct):
    """Values of a day, null where unknown."""

    steps: int | None
    kilocalories: int | None
    active_minutes: int | None
    worn_minutes: int | None
    sleep_minutes: int | None
    floors: int | None
    ascent_m: float | None
    distance_m: float | None
    resting_heart_rate_bpm: int | None
    weight_kg: float | None


class DayShown(Figures, kw_only=True):
    """A day of the user's time zone: values over all sources, sleeps, and the values of each source."""

    date: Day
    sleeps: list[SleepShown]
    sources: dict[str, Figures]


class DaysShown(Struct):
    """Each day of which something is known."""

    days: list[DayShown]


class DayFigure(Struct):
    """A day's value."""

    date: Day
    value: float


class HistoryShown(Struct):
    """A metric, day by day."""

    metric: Metric
    days: list[DayFigure]


class SaidOfDay(Struct, forbid_unknown_fields=True):
    """What a source says of a whole day; `time` is when it knew it."""

    metric: Metric
    date: Date
    value: Figure | None
    time: Moment | UnsetType = UNSET


class Count(Struct, forbid_unknown_fields=True):
    """What a source counted from a moment to another; its address is source, metric and beginning."""

    metric: Counted
    start_time: Moment
    end_time: Moment
    value: Figure | None
    time: Moment | UnsetType = UNSET


class StageSaid(Struct, forbid_unknown_fields=True):
    """A part of a sleep."""

    stage: Stage
    start_time: Moment
    end_time: Moment


class SleepSaid(Struct, forbid_unknown_fields=True):
    """A sleep; its address is source and `sleep_id`. `gone` takes it back."""

    sleep_id: Name
    start_time: Moment
    end_time: Moment
    stages: Annotated[list[StageSaid], Meta(max_length=500)] = []
    gone: bool = False
    time: Moment | UnsetType = UNSET


class Batch(Struct, forbid_unknown_fields=True):
    """What a device counted, at most 2,000 things; `time` is when it knew it, for all that do not say it."""

    source: Name
    time: Moment | UnsetType = UNSET
    days: Annotated[list[SaidOfDay], Meta(max_length=MOST_AT_ONCE)] = []
    counts: Annotated[list[Count], Meta(max_length=MOST_AT_ONCE)] = []
    workouts: Annotated[
        list[NewActivity], Meta(max_length=100, description="Each with `client_id` or `activity_id`.")
    ] = []
    sleeps: Annotated[list[SleepSaid], Meta(max_length=MOST_AT_ONCE)] = []


class WorkoutTaken(Struct):
    """What became of a workout of the batch: `saved`, `deleted` since it was sent before, or `refused` and why."""

    client_id: str | None
    activity_id: Uuid | None
    status: Literal["saved", "deleted", "refused"]
    error: str | None
    message: str | None


class Changed(Struct):
    """How many things were news; and what became of workouts, where some were sent."""

    changed: int
    workouts: list[WorkoutTaken] | UnsetType = UNSET


class FigureSaid(Struct, forbid_unknown_fields=True):
    """What a source says of the day and metric of the path, until it says something with a later `time`."""

    source: Name
    value: Figure | None
    time: Moment


class Journey(Struct, forbid_unknown_fields=True):
    """From a day on the days are of this time zone."""

    time_zone: Annotated[str, Meta(max_length=64, examples=["Asia/Tokyo"])]
    from_day: Date = field(name="from")


class Rules(Struct, forbid_unknown_fields=True):
    """The sources that are believed first, and the journeys."""

    sources: Annotated[list[Name], Meta(max_length=50)] = []
    time_zones: Annotated[list[Journey], Meta(max_length=1000)] = []


class RulesShown(Struct):
    """The rules, and the time zone of the profile."""

    sources: list[str]
    time_zone: str | None
    time_zones: list[Journey]
