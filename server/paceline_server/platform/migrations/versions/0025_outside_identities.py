"""Who signs in through outside providers."""

from alembic import op
from sqlalchemy import Column, Double, LargeBinary, String, Uuid

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outside_identities",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("identity_hash", LargeBinary(32), primary_key=True),
        Column("issuer", String(500), nullable=False),
        Column("subject", String(255), nullable=False),
        Column("label", String(100), nullable=False),
        Column("linked_at_s", Double, nullable=False),
    )
    op.create_table(
        "identity_owners",
        Column("identity_hash", LargeBinary(32), primary_key=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
    )
    op.create_index("ix_identity_owners_owner_id", "identity_owners", ["owner_id"])
