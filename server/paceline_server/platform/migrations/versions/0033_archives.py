"""Archives that are read into an account, and who keeps the ids of which."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Double, String, Text, Uuid

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "archives",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("state", String(16), nullable=False),
        Column("staged", String(32), nullable=False),
        Column("reason", Text, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("renewed", Boolean, nullable=False),
        Column("total_rows", BigInteger, nullable=False),
        Column("taken_rows", BigInteger, nullable=False),
        Column("sent_at_s", Double, nullable=False),
    )
    op.create_table(
        "archive_origins",
        Column("origin_id", Uuid(as_uuid=False), primary_key=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
    )
    op.create_index("ix_archive_origins_owner_id", "archive_origins", ["owner_id"])
