"""Counts of attempts that several servers share."""

from alembic import op
from sqlalchemy import Column, Double, LargeBinary, String

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rate_buckets",
        Column("name", String(32), primary_key=True),
        Column("key_hash", LargeBinary(16), primary_key=True),
        Column("level", Double, nullable=False),
        Column("at_s", Double, nullable=False),
    )
    op.create_index("rate_buckets_by_age", "rate_buckets", ["at_s"])
