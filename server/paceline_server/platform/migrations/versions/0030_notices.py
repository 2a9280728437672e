"""What somebody is told, once each."""

from alembic import op
from sqlalchemy import Boolean, Column, Double, String, Text, UniqueConstraint, Uuid

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the table, and its indexes."""
    op.create_table(
        "notices",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("notice_id", Uuid(as_uuid=False), primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("title", String(200), nullable=False),
        Column("text", Text, nullable=False),
        Column("link", String(200), nullable=False),
        Column("made_at_s", Double, nullable=False),
        Column("read_at_s", Double),
        Column("shown", Boolean, nullable=False),
        UniqueConstraint("owner_id", "kind", "subject"),
    )
    op.create_index("notices_by_time", "notices", ["owner_id", "shown", "made_at_s", "notice_id"])
    op.create_index("notices_unread", "notices", ["owner_id", "read_at_s"])
