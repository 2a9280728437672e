"""The profile's tables, and what they hold."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, Integer, String, Table, Uuid

from paceline_server.platform.schema import METADATA

PROFILES = Table(
    "profiles",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("birth_date", String(10)),
    Column("sex", String(8), nullable=False),
    Column("units", String(8), nullable=False),
    Column("time_zone", String(64)),
    Column("language", String(8), nullable=False),
    Column("first_weekday", Integer),
    Column("browser_language", String(8)),
)

# What was true from a day on, until the next value of the same metric: an old workout is judged by its own day.
BODY_VALUES = Table(
    "body_values",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("metric", String(32), primary_key=True),
    Column("from_day", String(10), primary_key=True),
    Column("value", Double, nullable=False),
)

SEXES = ("unknown", "female", "male")
UNITS = ("metric", "imperial")
# Metric → what a human can have: whatever is outside was mistyped.
BODY_RANGES: dict[str, tuple[float, float]] = {
    "weight_kg": (20, 400),
    "height_cm": (80, 260),
    "max_heart_rate_bpm": (100, 240),
    "resting_heart_rate_bpm": (25, 120),
    "threshold_heart_rate_bpm": (80, 230),
    "threshold_pace_s_km": (120, 900),
    "threshold_power_w": (30, 700),
    "diet_goal_kcal": (500, 10_000),  # what is to be eaten in a day
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A user's profile; None is not told, as is the language "": it is the one that the browser asks for.

    `birth_date` is an ISO date, `time_zone` an IANA name; `first_weekday` counts from 0, a Monday, and None is the
    usual one of the language.
    """

    birth_date: str | None = None
    sex: str = "unknown"
    units: str = "metric"
    time_zone: str | None = None
    language: str = ""
    first_weekday: int | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class BodyValue:
    """A value of a metric that holds from an ISO day on."""

    metric: str
    from_day: str
    value: float
