"""What the API of the profile takes and gives."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Day

Metric = Literal[
    "weight_kg",
    "height_cm",
    "max_heart_rate_bpm",
    "resting_heart_rate_bpm",
    "threshold_heart_rate_bpm",
    "threshold_pace_s_km",
    "threshold_power_w",
    "diet_goal_kcal",
]


class ProfileShown(Struct):
    """A profile; null where nothing was told."""

    birth_date: Day | None
    sex: Literal["unknown", "female", "male"]
    units: Literal["metric", "imperial"]
    time_zone: str | None
    language: str
    first_weekday: Annotated[int, Meta(ge=0, le=6)] | None
    email: str | None


class ProfileChange(Struct, forbid_unknown_fields=True):
    """The fields to change; null takes one back."""

    birth_date: Annotated[str, Meta(max_length=10, examples=["1990-05-04"])] | UnsetType | None = UNSET
    sex: Literal["unknown", "female", "male"] | UnsetType | None = UNSET
    units: Literal["metric", "imperial"] | UnsetType | None = UNSET
    time_zone: Annotated[str, Meta(max_length=64, examples=["Europe/Zurich"])] | UnsetType | None = UNSET
    language: Annotated[str, Meta(max_length=8, examples=["en"])] | UnsetType | None = UNSET
    first_weekday: (
        Annotated[int, Meta(ge=0, le=6, description="0 Monday to 6 Sunday; null: as the language has it.")]
        | UnsetType
        | None
    ) = UNSET
    email: Annotated[str, Meta(max_length=254, examples=["ann@example.org"])] | UnsetType | None = UNSET


class Value(Struct, forbid_unknown_fields=True):
    """A value that holds from the day of the path on; each metric has its own bounds."""

    value: Annotated[float, Meta(ge=0, le=10_000, examples=[61.5])]


class BodyValueShown(Struct):
    """A value that holds from its day on, until the next of the same metric."""

    metric: Metric
    value: float
    from_day: Day = field(name="from")


class BodyValues(PageShown):
    """Values, metric by metric, the latest first."""

    values: list[BodyValueShown]
