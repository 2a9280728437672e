"""Browsers that get notices by web push."""

from alembic import op
from sqlalchemy import Column, Double, LargeBinary, String, Uuid

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "push_subscriptions",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("subscription_id", String(32), primary_key=True),
        Column("name", String(100), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("made_at_s", Double, nullable=False),
        Column("failing_since_s", Double),
    )
