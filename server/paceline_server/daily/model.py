"""The tables of days, and what is in them."""

import struct
from dataclasses import astuple, dataclass, field

from sqlalchemy import BigInteger, Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA

# What wearables recorded, a row for each of their days: the records packed, never a row for each.
DAILY_PARTS = Table(
    "daily_parts",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("last_position", BigInteger, nullable=False),
    Column("records", LargeBinary, nullable=False),
)

# Each source's value of a day; a source is a wearable, or what else once counts.
DAILY_METRICS = Table(
    "daily_metrics",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("metric", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("value", Double, nullable=False),
    Column("latest_utc_s", BigInteger, nullable=False),
)

RESTING = "resting_heart_rate_bpm"
CUMULATIVE = ("steps", "kilocalories", "active_minutes", "worn_minutes")
METRICS = (*CUMULATIVE, RESTING)
OWNER_SLOT = 0  # the other users of a wearable are other people

_RECORD = struct.Struct("<IqIHBBHHH")


@dataclass(frozen=True, slots=True, order=True)
class DayRecord:
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
class Day:
    """A day of an owner: values by metric, over all sources, and those of each source."""

    day: str
    values: dict[str, float]
    sources: dict[str, dict[str, float]] = field(default_factory=dict)


def pack(records: list[DayRecord]) -> bytes:
    """Return records as they are kept."""
    return b"".join(_RECORD.pack(*astuple(record)) for record in records)


def unpack(data: bytes) -> list[DayRecord]:
    """Return records that were packed."""
    return [DayRecord(*fields) for fields in _RECORD.iter_unpack(data)]
