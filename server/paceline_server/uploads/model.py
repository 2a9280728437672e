"""The uploads' tables: what was said of a workout, and its points in the parts in which they came."""

from dataclasses import dataclass, field

from sqlalchemy import JSON, BigInteger, Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA

OPEN = "open"  # more is expected
FINISHED = "finished"  # whoever sends it said so
LEFT = "left"  # nothing came for long: ended by the server

UPLOADS = Table(
    "uploads",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("activity_id", Uuid(as_uuid=False), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("said", JSON, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("created_at_s", Double, nullable=False),
    Column("heard_at_s", Double, nullable=False),
)

UPLOAD_PARTS = Table(
    "upload_parts",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("activity_id", Uuid(as_uuid=False), primary_key=True),
    Column("from_row", BigInteger, primary_key=True, autoincrement=False),
    Column("rows", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the points as they were sent: a JSON list, zstd
)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a workout beside its points; `end_points`: how many points there are, told at the finish."""

    sport: str
    source: str
    start_utc_s: float
    duration_s: float | None = None
    distance_m: float | None = None
    calories_kcal: float | None = None
    sets: tuple[tuple[object, ...], ...] = field(default=())
    end_points: int | None = None
    laps: tuple[tuple[float, float], ...] = ()  # from, to: seconds since the start
    pauses: tuple[tuple[float, float], ...] = ()
    digest: str = ""  # of the whole body, where it came at once


@dataclass(frozen=True, slots=True)
class Upload:
    """Where an upload stands: it has so many points, from row 0 on without a gap."""

    owner_id: str
    activity_id: str
    state: str
    said: Said
    points: int
    created_at_s: float
    heard_at_s: float
