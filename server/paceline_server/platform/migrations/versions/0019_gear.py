"""Gear: what there is, what was chosen for activities, what is usual for sports."""

from alembic import op
from sqlalchemy import JSON, Column, Double, String, UniqueConstraint, Uuid

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "gear",
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
    op.create_table(
        "gear_choices",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("activity_id", Uuid(as_uuid=False), primary_key=True),
        Column("gear_ids", JSON, nullable=False),
    )
    op.create_table(
        "gear_usual",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("sport", String(32), primary_key=True),
        Column("from_day", String(10), primary_key=True),
        Column("gear_id", Uuid(as_uuid=False)),
    )
