"""The table of meals, what one is, and a day's balance."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, Index, String, Table, UniqueConstraint, Uuid

from paceline_server.analysis.day_energy import DayEnergy
from paceline_server.platform.schema import METADATA

MEALS = Table(
    "meals",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("meal_id", Uuid(as_uuid=False), primary_key=True),
    Column("client_id", String(64)),
    Column("name", String(100), nullable=False),
    Column("energy_kcal", Double, nullable=False),
    Column("eaten_at_s", Double, nullable=False),
    UniqueConstraint("owner_id", "client_id"),
    Index("meals_by_time", "owner_id", "eaten_at_s", "meal_id"),
)

DIET_GOAL = "diet_goal_kcal"  # a body value: what is to be eaten in a day, from a day on
MOST_KCAL = 20_000.0
MOST_MEALS_A_DAY = 100


@dataclass(frozen=True, slots=True)
class Meal:
    """Something eaten or drunk; `client_id` names it for who adds it again."""

    owner_id: str
    meal_id: str
    client_id: str | None
    name: str
    energy_kcal: float
    eaten_at_s: float


@dataclass(frozen=True, slots=True)
class HealthDay:
    """A day; None is not known. `out_is_usual`: the basal rate is that of a usual body, as none was told."""

    day: str
    steps: float | None
    in_kcal: float | None
    out: DayEnergy
    out_is_usual: bool
    diet_goal_kcal: float | None
    weight_kg: float | None
    weight_trend_kg: float | None
    sleep_min: float | None
    resting_bpm: float | None

    @property
    def out_kcal(self) -> float:
        """Kilocalories spent in all."""
        return sum(self.out)
