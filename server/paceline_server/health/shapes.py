"""What the API of meals and of days as a whole takes and gives."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Day, Utc, Uuid

Energy = Annotated[float, Meta(ge=0, le=20_000, examples=[640], description="In kilocalories.")]
Name = Annotated[str, Meta(min_length=1, max_length=100, examples=["Lunch"])]
Moment = Annotated[str, Meta(min_length=10, max_length=40, examples=["2026-05-04T12:30:00Z"])]


class NewMeal(Struct, forbid_unknown_fields=True):
    """Something eaten or drunk; now, if no time is said."""

    energy_kcal: Energy
    name: Name = "Meal"
    time: Moment | None = None
    client_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class MealChange(Struct, forbid_unknown_fields=True):
    """What is to be changed."""

    energy_kcal: Energy | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    time: Moment | UnsetType = UNSET


class MealShown(Struct):
    """A meal."""

    meal_id: Uuid
    name: str
    energy_kcal: float
    time: Utc


class Meals(PageShown):
    """Meals, the latest first."""

    meals: list[MealShown]


class SpentShown(Struct):
    """Kilocalories spent: at rest, counted by sources (with the rest of minutes worn), and what no source counted."""

    rest_kcal: int
    counted_kcal: int
    workouts_kcal: int
    steps_kcal: int


class HealthDayShown(Struct):
    """A day; null is not known.

    `calories_out_kcal` is reckoned; `calories_out_is_usual` says that it is that of a usual body, as weight, height,
    age or sex were not told.
    """

    date: Day
    steps: int | None
    calories_in_kcal: float | None
    calories_out_kcal: float
    calories_out_parts: SpentShown
    calories_out_is_usual: bool
    diet_goal_kcal: float | None
    weight_kg: float | None
    weight_trend_kg: float | None
    sleep_minutes: int | None
    resting_heart_rate_bpm: int | None


class Health(Struct):
    """Days, and by how much the trend of the weight changed in a week."""

    days: list[HealthDayShown]
    weight_change_kg_a_week: float | None
