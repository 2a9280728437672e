"""Invitations to make an account."""

from alembic import op
from sqlalchemy import Column, Double, LargeBinary, Uuid

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "invitations",
        Column("code_hash", LargeBinary(32), primary_key=True),
        Column("made_by", Uuid(as_uuid=False)),
        Column("expires_at_s", Double, nullable=False),
    )
    op.create_index("invitations_by_expiry", "invitations", ["expires_at_s"])
