"""Profiles, and what was true of bodies from which day on."""

from alembic import op
from sqlalchemy import Column, Double, String, Uuid

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "profiles",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("birth_date", String(10)),
        Column("sex", String(8), nullable=False),
        Column("units", String(8), nullable=False),
        Column("time_zone", String(64)),
        Column("language", String(8), nullable=False),
        Column("email", String(254)),
    )
    op.create_table(
        "body_values",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("metric", String(32), primary_key=True),
        Column("from_day", String(10), primary_key=True),
        Column("value", Double, nullable=False),
    )
