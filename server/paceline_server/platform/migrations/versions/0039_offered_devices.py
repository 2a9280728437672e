"""Wearables that their owners pass on: whoever reads the code on the screen may claim them."""

from alembic import op
from sqlalchemy import Column, String, Uuid

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Make the directory of what is offered."""
    op.create_table(
        "offered_devices",
        Column("device_id", String(16), primary_key=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
    )
