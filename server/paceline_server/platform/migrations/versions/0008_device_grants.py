"""Grants that gateways ask for."""

from alembic import op
from sqlalchemy import Boolean, Column, Double, LargeBinary, String, UniqueConstraint, Uuid

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "device_grants",
        Column("device_code_hash", LargeBinary(32), primary_key=True),
        Column("user_code", String(8), nullable=False),
        Column("client_name", String(60), nullable=False),
        Column("address", String(64), nullable=False),
        Column("created_at_s", Double, nullable=False),
        Column("expires_at_s", Double, nullable=False),
        Column("interval_s", Double, nullable=False),
        Column("polled_at_s", Double),
        Column("denied", Boolean, nullable=False),
        Column("approved_by", Uuid(as_uuid=False)),
        UniqueConstraint("user_code", name="device_grants_user_code_key"),
    )
    op.create_index("device_grants_by_expiry", "device_grants", ["expires_at_s"])
