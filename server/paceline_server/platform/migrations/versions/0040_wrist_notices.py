"""A notice can be told on the wrist, by numbers that rise."""

from alembic import op
from sqlalchemy import BigInteger, Column

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Add the column and its index; what was told before is not told again."""
    op.add_column("notices", Column("wrist_number", BigInteger))
    op.create_index("notices_on_wrist", "notices", ["owner_id", "wrist_number"])
