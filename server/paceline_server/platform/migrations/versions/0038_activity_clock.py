"""An activity knows what its own clock stood east of UTC, where its source says so."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Add the column; what is there learns it when its source is read again."""
    op.add_column("activities", Column("utc_offset_s", Integer))
