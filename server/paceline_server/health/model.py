"""The table of meals, what one is, and a day's balance."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, Index, String, Table, UniqueConstraint, Uuid

from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.day_energy import DayEnergy
from paceline_server.analysis.findings import Findings
from paceline_server.platform.schema import METADATA
from paceline_server.stats.judgement import energy_of

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
class SpentBy:
    """A workout: the kilocalories that it says, rest among them; None where they are estimated by its findings."""

    start_s: float
    duration_s: float
    kcal: float | None
    findings: Findings | None

    def beside_rest_kcal(self, athlete: Athlete, basal_a_day: float) -> float:
        """Return what it took beside what rest would have, in somebody whose rest takes so much a day."""
        kcal, basal = self.kcal, basal_a_day * self.duration_s / 86_400
        if kcal is None:
            kcal = 0.0 if self.findings is None else energy_of(self.findings, athlete).kcal
        return max(0.0, kcal - basal)


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
