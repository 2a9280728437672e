"""Events say which request caused them; what was deleted is put in order within a moment, too."""

from alembic import op
from sqlalchemy import Column, String

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the column, and widen the index."""
    op.add_column("events", Column("request_id", String(36)))
    op.drop_index("activity_tombstones_by_time", "activity_tombstones")
    op.create_index("activity_tombstones_by_time", "activity_tombstones", ["owner_id", "deleted_at_s", "activity_id"])
