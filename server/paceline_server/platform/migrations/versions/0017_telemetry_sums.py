"""The row of an activity names the SHA-256 of its telemetry; "": an older program wrote it, under no sum."""

from alembic import op
from sqlalchemy import Column, String, text

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column."""
    op.add_column("activities", Column("telemetry_sha256", String(64), nullable=False, server_default=text("''")))
