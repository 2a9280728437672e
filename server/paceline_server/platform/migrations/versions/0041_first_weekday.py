"""A profile says on which day weeks begin; and it is remembered in which language one's browser asks."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Add the columns: nothing was told, and no browser is known."""
    op.add_column("profiles", Column("first_weekday", Integer))
    op.add_column("profiles", Column("browser_language", String(8)))
