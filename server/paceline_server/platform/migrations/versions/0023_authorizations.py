"""Apps, what was let in, and the codes by which it is."""

from alembic import op
from sqlalchemy import Column, Double, LargeBinary, String, Uuid

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the tables. A gateway's token of before holds on, without end, until its owner takes it back."""
    op.add_column("tokens", Column("authorization_hash", LargeBinary(32)))
    op.create_table(
        "authorizations",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("authorization_hash", LargeBinary(32), primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("client_id", String(64), nullable=False),
        Column("label", String(100), nullable=False),
        Column("scopes", String(400), nullable=False),
        Column("created_at_s", Double, nullable=False),
        Column("expires_at_s", Double, nullable=False),
        Column("refresh_hash", LargeBinary(32), nullable=False),
        Column("previous_hash", LargeBinary(32)),
        Column("used_at_s", Double),
        Column("ended_at_s", Double),
    )
    op.create_table(
        "apps",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("client_id", Uuid(as_uuid=False), primary_key=True),
        Column("name", String(60), nullable=False),
        Column("redirect_uris", String(5010), nullable=False),
        Column("secret_hash", LargeBinary(32)),
        Column("created_at_s", Double, nullable=False),
    )
    op.create_table(
        "app_owners",
        Column("client_id", Uuid(as_uuid=False), primary_key=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
    )
    op.create_index("ix_app_owners_owner_id", "app_owners", ["owner_id"])
    op.create_table(
        "authorization_codes",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("code_hash", LargeBinary(32), primary_key=True),
        Column("client_id", String(64), nullable=False),
        Column("redirect_uri", String(500), nullable=False),
        Column("challenge", String(43), nullable=False),
        Column("scopes", String(400), nullable=False),
        Column("expires_at_s", Double, nullable=False),
        Column("authorization_hash", LargeBinary(32)),
    )
