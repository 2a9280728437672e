"""Meals."""

from alembic import op
from sqlalchemy import Column, Double, String, UniqueConstraint, Uuid

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "meals",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("meal_id", Uuid(as_uuid=False), primary_key=True),
        Column("client_id", String(64)),
        Column("name", String(100), nullable=False),
        Column("energy_kcal", Double, nullable=False),
        Column("eaten_at_s", Double, nullable=False),
        UniqueConstraint("owner_id", "client_id"),
    )
    op.create_index("meals_by_time", "meals", ["owner_id", "eaten_at_s", "meal_id"])
