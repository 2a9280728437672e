"""Bytes that come late, for a gap: how often, and from where a journal is read anew then."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns; a gap declared before has its journal read anew from the start."""
    op.add_column("journals", Column("fills", Integer, nullable=False, server_default=text("0")))
    op.add_column("journal_gaps", Column("resume_position", BigInteger, nullable=False, server_default=text("0")))
