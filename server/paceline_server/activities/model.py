"""The activities' tables, and what an activity is."""

from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from paceline_server.activities.edits import NO_EDITS, Edits
from paceline_server.activities.recorded import Recorded, SetDone
from paceline_server.analysis.findings import Findings
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Lap, Length, Pause
from paceline_server.platform.policy import Visibility
from paceline_server.platform.schema import METADATA, SHARED

LIVE = "live"
FINISHED = "finished"

ACTIVITIES = Table(
    "activities",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("activity_id", Uuid(as_uuid=False), primary_key=True),
    Column("source_key", String(100), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("sport", String(32), nullable=False),
    Column("source", String(100), nullable=False),
    Column("status", String(16), nullable=False),
    Column("start_utc_s", Double, nullable=False),
    Column("duration_s", Double, nullable=False),
    Column("moving_time_s", Double, nullable=False),
    Column("distance_m", Double, nullable=False),
    Column("ascent_m", Double),
    Column("heart_rate_avg_bpm", Double),
    Column("heart_rate_max_bpm", Double),
    Column("calories_kcal", Double),
    Column("points_count", BigInteger, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("route_polyline", Text, nullable=False),
    Column("telemetry_sha256", String(64), nullable=False, server_default=text("''")),
    Column("detail", JSON, nullable=False),  # receipt, laps, pauses, splits, lengths, sets, findings: never searched
    Column("created_at_s", Double, nullable=False),
    Column("updated_at_s", Double, nullable=False),
    Column("title", String(200), nullable=False, server_default=""),
    Column("visibility", String(16), nullable=False, server_default="private"),
    Column("perceived_effort", Integer),
    Column("south_deg", Double),  # the box around the route
    Column("west_deg", Double),
    Column("north_deg", Double),
    Column("east_deg", Double),
    Column("edits", JSON, nullable=False, server_default="{}"),  # what the owner said over what was recorded
    Column("revision", Integer, nullable=False, server_default=text("0")),  # counts what was written of it
    # The activity that is shown and counted for this one (duplicates/); its own id: it waits to be shown.
    Column("behind", Uuid(as_uuid=False)),
    Column("utc_offset_s", Integer),  # of the clock it was recorded by; NULL: the source does not say
    UniqueConstraint("owner_id", "source_key"),
    Index("activities_by_start", "owner_id", "start_utc_s", "activity_id"),
    Index("activities_by_sport", "owner_id", "sport", "start_utc_s", "activity_id"),
    Index("activities_by_distance", "owner_id", "distance_m", "activity_id"),
    Index("activities_by_duration", "owner_id", "duration_s", "activity_id"),
    Index("activities_behind", "owner_id", "behind"),
)

TOMBSTONES = Table(
    "activity_tombstones",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("source_key", String(100), primary_key=True),
    Column("deleted_at_s", Double, nullable=False),
    Column("activity_id", Uuid(as_uuid=False)),
    Column("kept", JSON(none_as_null=True)),  # the activity's row, for as long as it can be restored
    # When it was, by which another file of the workout is known again; of who can restore it no more, roughly.
    Column("start_utc_s", Double),
    Column("duration_s", Double),
    Column("distance_m", Double),
    Index("activity_tombstones_by_activity", "owner_id", "activity_id"),
    Index("activity_tombstones_by_start", "owner_id", "start_utc_s"),
    Index("activity_tombstones_by_time", "owner_id", "deleted_at_s", "activity_id"),
)

# Who has the activity of an id; written when it is first shown to others, who know no owner.
SHARED_ACTIVITIES = Table(
    "shared_activities",
    METADATA,
    Column("activity_id", Uuid(as_uuid=False), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False),
    Index("shared_activities_by_owner", "owner_id"),
    info={SHARED: "a directory: found by the id, which is all that others know"},
)


@dataclass(frozen=True, slots=True)
class Split:
    """A kilometre (the last may be shorter); pace by moving time."""

    distance_m: float
    duration_s: float
    moving_time_s: float
    ascent_m: float | None
    heart_rate_avg_bpm: float | None
    descent_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySummary:
    """An activity as a list shows it. `status` is "live" or "finished"; None means not measured."""

    activity_id: str
    owner_id: str
    sport: str
    source: str
    status: str
    start_utc_s: float
    duration_s: float
    moving_time_s: float
    distance_m: float
    ascent_m: float | None
    heart_rate_avg_bpm: float | None
    heart_rate_max_bpm: float | None
    calories_kcal: float | None
    points_count: int
    whole: bool
    title: str = ""
    visibility: Visibility = Visibility.PRIVATE
    perceived_effort: int | None = None
    utc_offset_s: int | None = None

    @property
    def average_pace_s_km(self) -> float | None:
        """Seconds of moving time per kilometre; None under 10 m."""
        return self.moving_time_s / self.distance_m * 1000 if self.distance_m >= 10 and self.moving_time_s > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(ActivitySummary):
    """An activity in full, but for its telemetry. The polyline is encoded at precision 5.

    `findings` is None for an activity that was measured by an older version and waits for a rebuild. `distance_m` is
    what is shown, `measured_distance_m` what was measured (deriving.py); `recorded` is what all of it is derived from,
    `edits` what was said over it; `revision` counts what was written; `behind` is what is shown and counted for it.
    """

    source_key: str
    fingerprint: str
    route_polyline: str
    receipt: Receipt
    laps: tuple[Lap, ...]
    pauses: tuple[Pause, ...]
    splits: tuple[Split, ...]
    lengths: tuple[Length, ...] = ()
    sets: tuple[SetDone, ...] = ()
    findings: Findings | None = None
    telemetry_sha256: str = ""  # names the blob; "": written by an older program, under the place alone
    created_at_s: float
    updated_at_s: float
    measured_distance_m: float | None = None
    south_deg: float | None = None
    west_deg: float | None = None
    north_deg: float | None = None
    east_deg: float | None = None
    recorded: Recorded | None = None
    edits: Edits = NO_EDITS
    revision: int = 0
    behind: str | None = None
    hidden: frozenset[str] = frozenset()  # the parts that were taken out for who looks (shown.py)
