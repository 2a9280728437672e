"""What of a journal is gone for ever."""

from alembic import op
from sqlalchemy import BigInteger, Column, String, Uuid

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "journal_gaps",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("epoch", BigInteger, primary_key=True, autoincrement=False),
        Column("from_position", BigInteger, primary_key=True, autoincrement=False),
        Column("to_position", BigInteger, nullable=False),
    )
