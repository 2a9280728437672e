"""What a token is for, and when it was used last."""

from alembic import op
from sqlalchemy import Column, Double, String

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the columns: a token of before has all that its kind may have."""
    op.add_column("tokens", Column("scopes", String(400)))
    op.add_column("tokens", Column("used_at_s", Double))
