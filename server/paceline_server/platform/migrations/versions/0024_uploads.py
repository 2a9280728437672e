"""Edits, sharing, restoring and places of activities; workouts that programs send."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    Integer,
    LargeBinary,
    String,
    Text,
    Uuid,
    column,
    select,
    table,
    text,
    update,
)

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add columns and tables; the boxes of routes are those of their polylines."""
    activities = "activities"
    op.add_column(activities, Column("title", String(200), nullable=False, server_default=""))
    op.add_column(activities, Column("visibility", String(16), nullable=False, server_default="private"))
    op.add_column(activities, Column("perceived_effort", Integer))
    for name in ("south_deg", "west_deg", "north_deg", "east_deg"):
        op.add_column(activities, Column(name, Double))
    op.add_column(activities, Column("edits", JSON, nullable=False, server_default="{}"))
    op.add_column(activities, Column("revision", Integer, nullable=False, server_default=text("0")))
    op.create_index("activities_by_sport", activities, ["owner_id", "sport", "start_utc_s", "activity_id"])
    op.create_index("activities_by_distance", activities, ["owner_id", "distance_m", "activity_id"])
    op.create_index("activities_by_duration", activities, ["owner_id", "duration_s", "activity_id"])
    tombstones = "activity_tombstones"
    op.add_column(tombstones, Column("activity_id", Uuid(as_uuid=False)))
    op.add_column(tombstones, Column("kept", JSON(none_as_null=True)))
    op.create_index("activity_tombstones_by_activity", tombstones, ["owner_id", "activity_id"])
    op.create_index("activity_tombstones_by_time", tombstones, ["owner_id", "deleted_at_s"])
    owner = lambda: Column("owner_id", Uuid(as_uuid=False), primary_key=True)  # noqa: E731 (a column is of one table)
    activity = lambda: Column("activity_id", Uuid(as_uuid=False), primary_key=True)  # noqa: E731
    op.create_table("shared_activities", activity(), Column("owner_id", Uuid(as_uuid=False), nullable=False))
    op.create_index("shared_activities_by_owner", "shared_activities", ["owner_id"])
    op.create_table(
        "uploads",
        owner(),
        activity(),
        Column("state", String(16), nullable=False),
        Column("said", JSON, nullable=False),
        Column("points", BigInteger, nullable=False),
        Column("created_at_s", Double, nullable=False),
        Column("heard_at_s", Double, nullable=False),
    )
    op.create_table(
        "upload_parts",
        owner(),
        activity(),
        Column("from_row", BigInteger, primary_key=True, autoincrement=False),
        Column("rows", BigInteger, nullable=False),
        Column("body", LargeBinary, nullable=False),
    )
    _find_boxes()


def _find_boxes() -> None:
    ids = (Column("owner_id", Uuid(as_uuid=False)), Column("activity_id", Uuid(as_uuid=False)))
    box = ("south_deg", "west_deg", "north_deg", "east_deg")
    rows = table("activities", *ids, Column("route_polyline", Text), *map(column, box))
    bind = op.get_bind()
    found = bind.execute(select(rows.c.owner_id, rows.c.activity_id).where(rows.c.route_polyline != "")).all()
    for owner_id, activity_id in found:
        one = (rows.c.owner_id == owner_id, rows.c.activity_id == activity_id)
        places = _places(bind.execute(select(rows.c.route_polyline).where(*one)).scalar_one())
        latitudes, longitudes = places[0::2], places[1::2]
        edges = (min(latitudes), min(longitudes), max(latitudes), max(longitudes))
        bind.execute(update(rows).where(*one).values(dict(zip(box, edges, strict=True))))


def _places(polyline: str) -> list[float]:
    places: list[int] = []
    value = shift = 0
    for letter in polyline.encode():
        value |= (letter - 63 & 0x1F) << shift
        shift += 5
        if letter - 63 < 0x20:
            step = ~(value >> 1) if value & 1 else value >> 1
            places.append(step + (places[-2] if len(places) > 1 else 0))
            value = shift = 0
    return [place / 100_000 for place in places]
