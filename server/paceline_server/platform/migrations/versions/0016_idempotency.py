"""Keys under which writes were sent, with their answers."""

from alembic import op
from sqlalchemy import Column, Double, LargeBinary, Uuid

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "idempotency_keys",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("key_hash", LargeBinary(32), primary_key=True),
        Column("attempt", LargeBinary(16), nullable=False),
        Column("fingerprint", LargeBinary(32), nullable=False),
        Column("made_at_s", Double, nullable=False),
        Column("answer", LargeBinary),
    )
    op.create_index("idempotency_keys_by_age", "idempotency_keys", ["owner_id", "made_at_s"])
