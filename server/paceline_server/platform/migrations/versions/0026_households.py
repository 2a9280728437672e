"""Households, and whose the slots of their wearables are."""

from alembic import op
from sqlalchemy import Boolean, Column, Double, Integer, LargeBinary, String, Uuid

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "households",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("name", String(40), nullable=False),
        Column("made_at_s", Double, nullable=False),
    )
    op.create_table(
        "household_members",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("member_id", String(36), primary_key=True),
        Column("joined_at_s", Double, nullable=False),
    )
    op.create_table(
        "memberships",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("host_id", String(36), primary_key=True),
        Column("joined_at_s", Double, nullable=False),
    )
    op.create_table(
        "household_invitations",
        Column("code_hash", LargeBinary(32), primary_key=True),
        Column("host_id", String(36), nullable=False),
        Column("expires_at_s", Double, nullable=False),
    )
    op.create_index("household_invitations_by_host", "household_invitations", ["host_id"])
    op.create_table(
        "wrist_slots",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("slot", Integer, primary_key=True, autoincrement=False),
        Column("from_utc_s", Double, primary_key=True),
        Column("person_id", String(36), nullable=False),
        Column("until_utc_s", Double),
        Column("accepted", Boolean, nullable=False),
    )
    op.create_table(
        "worn_slots",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("host_id", String(36), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("slot", Integer, primary_key=True, autoincrement=False),
        Column("since_s", Double, nullable=False),
        Column("accepted", Boolean, nullable=False),
    )
