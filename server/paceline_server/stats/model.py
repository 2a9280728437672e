"""The table of sums: of every finished activity, what totals, form, streaks and bests are made of."""

import struct
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, String, Table, Uuid, text

from paceline_server.platform.schema import METADATA

# Whole numbers, so that sums are exact in whatever order they are made.
ACTIVITY_SUMS = Table(
    "activity_sums",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("activity_id", Uuid(as_uuid=False), primary_key=True),
    Column("stamp", BigInteger, nullable=False),  # of the whole row: what was made of rows holds while their stamps do
    Column("start_utc_s", Double, nullable=False),
    Column("zone_s", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("sport", String(32), nullable=False),
    Column("source", String(100), nullable=False),
    Column("distance_cm", BigInteger, nullable=False),
    Column("duration_ms", BigInteger, nullable=False),
    Column("moving_ms", BigInteger, nullable=False),
    Column("ascent_cm", BigInteger, nullable=False),
    Column("energy_cal", BigInteger, nullable=False),
    Column("heart", LargeBinary, nullable=False),
    Column("efforts", LargeBinary, nullable=False),
    Column("lifted_g", BigInteger, nullable=False, server_default=text("0")),
)

WEARABLE = "wearable "  # and a device's id: what the source of an activity is called
HEART = struct.Struct("<BI")  # a whole heart rate, milliseconds at it
EFFORT = struct.Struct("<II")  # centimetres, milliseconds


@dataclass(frozen=True, slots=True)
class Sums:
    """What an activity adds. `day` counts as date.toordinal(), on the clock `zone_s` seconds east of UTC.

    `energy_cal` are the recorder's, in thousandths of a kilocalorie, 0 where it counted none; `lifted_g` is load ×
    repetitions; `heart` and `efforts` are rows of HEART and EFFORT.
    """

    owner_id: str
    activity_id: str
    start_utc_s: float
    zone_s: int
    day: int
    sport: str
    source: str
    distance_cm: int
    duration_ms: int
    moving_ms: int
    ascent_cm: int
    energy_cal: int
    heart: bytes
    efforts: bytes
    lifted_g: int = 0
