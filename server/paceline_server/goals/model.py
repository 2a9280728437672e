"""The tables of goals, and what a goal is."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Column, Double, Integer, String, Table, Text, UniqueConstraint, Uuid

from paceline_server.platform.schema import METADATA

GOALS = Table(
    "goals",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("goal_id", Uuid(as_uuid=False), primary_key=True),
    Column("client_id", String(64)),
    Column("metric", String(32), nullable=False),
    Column("period", String(8), nullable=False),
    Column("sport", String(32)),
    Column("target_value", Double, nullable=False),
    Column("start_date", String(10), nullable=False),
    Column("end_date", String(10)),
    Column("first_weekday", Integer, nullable=False),
    Column("title", String(100), nullable=False),
    Column("created_at_s", Double, nullable=False),
    # "2026-11-30:6 …": from which days on weeks begin on which other weekday, as the profile says; null: never.
    Column("later_weekdays", Text),
    UniqueConstraint("owner_id", "client_id"),
)

# When a goal was first seen to be reached in a period: told once, whatever changes later.
GOALS_REACHED = Table(
    "goals_reached",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("goal_id", Uuid(as_uuid=False), primary_key=True),
    Column("period_start", String(10), primary_key=True),
    Column("reached_at_s", Double, nullable=False),
    Column("value", Double, nullable=False),
)

PERIODS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "total": "all"}
OF_ACTIVITIES = {"distance": "m", "time": "s", "count": "", "calories": "kcal", "ascent": "m", "volume": "kg"}
OF_DAYS = {"steps": "", "active_minutes": "min", "floors": ""}
STREAK, WEIGHT = "streak", "weight"
METRICS = {**OF_ACTIVITIES, **OF_DAYS, STREAK: "days", WEIGHT: "kg"}
MOST_GOALS = 200


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal; `period` is a word of PERIODS, `end_date` None for ever. Both dates are within.

    `first_weekday` is that of its first weeks, `later_weekdays` what became of it ("" as yet nothing); None: whatever
    the profile says, it stays.
    """

    owner_id: str
    goal_id: str
    client_id: str | None
    metric: str
    period: str
    sport: str | None
    target_value: float
    start_date: str
    end_date: str | None
    first_weekday: int
    title: str
    created_at_s: float
    later_weekdays: str | None = None

    @property
    def goal_type(self) -> str:
        """The goal's name in the API, such as weekly_distance."""
        return f"{self.period}_{self.metric}"

    @property
    def first(self) -> int:
        """The first day, as date.toordinal() counts."""
        return date.fromisoformat(self.start_date).toordinal()

    @property
    def last(self) -> int:
        """The last day; that of the calendar for a goal without end."""
        return date.fromisoformat(self.end_date).toordinal() if self.end_date else date.max.toordinal()

    @property
    def weekday_changes(self) -> tuple[tuple[int, int], ...]:
        """From which day on (as date.toordinal() counts) weeks begin on which other weekday, rising."""
        return _changes(self.later_weekdays) if self.later_weekdays else ()

    @property
    def weekday(self) -> int:
        """The weekday on which its weeks begin, or soon will."""
        changes = self.weekday_changes
        return changes[-1][1] if changes else self.first_weekday


def said_changes(changes: tuple[tuple[int, int], ...]) -> str:
    """Return changes of the weekday as a goal keeps them."""
    return " ".join(f"{date.fromordinal(day).isoformat()}:{weekday}" for day, weekday in changes)


@lru_cache(maxsize=256)
def _changes(said: str) -> tuple[tuple[int, int], ...]:
    pairs = (one.split(":") for one in said.split(" "))
    return tuple((date.fromisoformat(day).toordinal(), int(weekday)) for day, weekday in pairs)


@dataclass(frozen=True, slots=True)
class Reached:
    """When a goal was first seen to be reached in the period that began on a day, and with how much."""

    goal_id: str
    period_start: str
    reached_at_s: float
    value: float
