"""The tables of days, and what is in them."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA

# What wearables recorded, a row for each of their days (of UTC): the records packed, never a row for each.
DAILY_PARTS = Table(
    "daily_parts",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("last_position", BigInteger, nullable=False),
    Column("records", LargeBinary, nullable=False),
    Index("daily_parts_by_day", "owner_id", "day"),
)

# What a source that is no wearable of ours said of a whole day (of its user); a value that it took back is null.
DAY_VALUES = Table(
    "day_values",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("metric", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("value", Double),
    Column("stamp_ms", BigInteger, nullable=False),
)

# What it counted from a moment to another, packed by the UTC day of the beginning.
DAY_COUNTS = Table(
    "day_counts",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("counts", LargeBinary, nullable=False),
)

DAY_SLEEPS = Table(
    "day_sleeps",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("sleep_id", String(64), primary_key=True),
    Column("start_utc_s", BigInteger, nullable=False),
    Column("end_utc_s", BigInteger, nullable=False),
    Column("stages", JSON, nullable=False),  # [[seconds since the start, seconds since the start, stage]]
    Column("stamp_ms", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False),
    Index("day_sleeps_by_end", "owner_id", "end_utc_s"),
)

# Which source is believed first, and where the user is from a day on.
DAY_SOURCES = Table(
    "day_sources",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("source", String(64), nullable=False),
)
DAY_ZONES = Table(
    "day_zones",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("from_day", String(10), primary_key=True),
    Column("time_zone", String(64), nullable=False),
)

RESTING, WEIGHT, ASLEEP = "resting_heart_rate_bpm", "weight_kg", "sleep_minutes"
RECORDED = ("steps", "kilocalories", "active_minutes", "worn_minutes")  # fields of DAY records that add up
CUMULATIVE = (*RECORDED, ASLEEP, "floors", "ascent_m", "distance_m")  # places are in what is packed: only append
LATEST = (RESTING, WEIGHT)
METRICS = (*CUMULATIVE, *LATEST)
MOST_A_DAY = {
    "steps": 200_000,
    "kilocalories": 20_000,
    "active_minutes": 1860,
    "worn_minutes": 1860,
    ASLEEP: 1860,
    "floors": 5000,
    "ascent_m": 20_000,
    "distance_m": 1_000_000,
}
WEARABLE = "wearable "  # and a device's id: the source of what a journal says
PROFILE = "profile"  # the source of what is entered by hand
OWNER_SLOT = 0  # the other users of a wearable are other people
STAGES = ("asleep", "awake", "light", "deep", "rem", "in_bed")
SLEPT = ("asleep", "light", "deep", "rem")

_RECORD = struct.Struct("<IqIHBBHHH")


class DayRecord(NamedTuple):
    """A DAY record and where it lies; it covers the `minutes` that end at `utc_s`."""

    position: int
    utc_s: int
    steps: int
    kilocalories: int
    resting_heart_rate_bpm: int
    user: int
    minutes: int
    active_minutes: int
    worn_minutes: int


@dataclass(frozen=True, slots=True)
class Sleep:
    """A night or a nap of a source; `stages` are (from, to, stage) in seconds since `start_utc_s`."""

    source: str
    sleep_id: str
    start_utc_s: int
    end_utc_s: int
    stages: tuple[tuple[int, int, str], ...]
    stamp_ms: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day of an owner: values by metric, over all sources, and those of each source; the sleeps that ended in it."""

    day: str
    values: dict[str, float]
    sources: dict[str, dict[str, float]] = field(default_factory=dict)
    sleeps: tuple[Sleep, ...] = ()


def pack(records: Iterable[DayRecord]) -> bytes:
    """Return records as they are kept."""
    return b"".join(_RECORD.pack(*record) for record in records)


def unpack(data: bytes) -> list[DayRecord]:
    """Return records that were packed."""
    return [DayRecord._make(fields) for fields in _RECORD.iter_unpack(data)]
