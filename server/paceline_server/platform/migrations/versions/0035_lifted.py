"""What was lifted in an activity joins its sums; rows from before say 0 until the statistics are made anew."""

from alembic import op
from sqlalchemy import BigInteger, Column, text

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the column."""
    op.add_column("activity_sums", Column("lifted_g", BigInteger, nullable=False, server_default=text("0")))
