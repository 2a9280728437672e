"""The tables of gear, and what a piece of gear is."""

from dataclasses import dataclass

from sqlalchemy import JSON, Column, Double, String, Table, UniqueConstraint, Uuid

from paceline_server.platform.schema import METADATA

GEAR = Table(
    "gear",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("gear_id", Uuid(as_uuid=False), primary_key=True),
    Column("client_id", String(64)),
    Column("kind", String(16), nullable=False),
    Column("name", String(100), nullable=False),
    Column("part_of", Uuid(as_uuid=False)),
    Column("used_from", String(10)),
    Column("retired_on", String(10)),
    Column("initial_distance_m", Double, nullable=False),
    Column("initial_time_s", Double, nullable=False),
    Column("distance_limit_m", Double),
    Column("time_limit_s", Double),
    Column("warned_at_s", Double),
    Column("created_at_s", Double, nullable=False),
    UniqueConstraint("owner_id", "client_id"),
)

# What was chosen for an activity, which may be nothing; without a row it has the gear that is usual for its sport.
GEAR_CHOICES = Table(
    "gear_choices",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("activity_id", Uuid(as_uuid=False), primary_key=True),
    Column("gear_ids", JSON, nullable=False),
)

# The gear that is usual for a sport from a day on; null: none any more.
GEAR_USUAL = Table(
    "gear_usual",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("sport", String(32), primary_key=True),
    Column("from_day", String(10), primary_key=True),
    Column("gear_id", Uuid(as_uuid=False)),
)

KINDS = ("shoes", "bike", "part", "other")
MOST_GEAR = 200
MOST_USUAL = 200
MOST_CHOSEN = 10  # for one activity


@dataclass(frozen=True, slots=True)
class Gear:
    """A piece of gear. A part counts what the gear that it is `part_of` does while it is used.

    `used_from` and `retired_on` are ISO days, both within. `warned_at_s`: when it was told to be worn out.
    """

    owner_id: str
    gear_id: str
    client_id: str | None
    kind: str
    name: str
    part_of: str | None
    used_from: str | None
    retired_on: str | None
    initial_distance_m: float
    initial_time_s: float
    distance_limit_m: float | None
    time_limit_s: float | None
    warned_at_s: float | None
    created_at_s: float


@dataclass(frozen=True, slots=True)
class Usual:
    """The gear that is usual for a sport from an ISO day on; None: none any more."""

    sport: str
    from_day: str
    gear_id: str | None
