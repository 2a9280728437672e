"""Goals, and when they were reached."""

from alembic import op
from sqlalchemy import Column, Double, Integer, String, UniqueConstraint, Uuid

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "goals",
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
        UniqueConstraint("owner_id", "client_id"),
    )
    op.create_table(
        "goals_reached",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("goal_id", Uuid(as_uuid=False), primary_key=True),
        Column("period_start", String(10), primary_key=True),
        Column("reached_at_s", Double, nullable=False),
        Column("value", Double, nullable=False),
    )
