"""Wearables have names, can be revoked and passed on; pages that are not what they wrote are in quarantine."""

from alembic import op
from sqlalchemy import BigInteger, Column, Double, String, Uuid, text

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("devices", Column("name", String(40), nullable=False, server_default=text("''")))
    op.add_column("devices", Column("revoked_at_s", Double))
    op.add_column("devices", Column("released_at_s", Double))
    op.create_table(
        "journal_quarantine",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("epoch", BigInteger, primary_key=True, autoincrement=False),
        Column("from_position", BigInteger, primary_key=True, autoincrement=False),
        Column("to_position", BigInteger, nullable=False),
        Column("reason", String(300), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("found_at_s", Double, nullable=False),
    )
