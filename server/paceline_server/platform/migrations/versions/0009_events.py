"""The outbox; what waited in the queue of journals goes over into it."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    String,
    Text,
    Uuid,
    column,
    insert,
    select,
    table,
)

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table, fill it, let the queue go."""
    events = op.create_table(
        "events",
        Column("event_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
        Column("handler", String(32), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("made_at_s", Double, nullable=False),
        Column("due_at_s", Double, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("dead", Boolean, nullable=False),
        Column("error", Text, nullable=False),
    )
    op.create_index("events_by_turn", "events", ["dead", "due_at_s", "event_id"])
    op.create_index("events_by_subject", "events", ["owner_id", "handler", "subject"])
    pending = table("pending_journals", Column("owner_id", Uuid(as_uuid=False)), column("device_id"), column("epoch"))
    fresh = {"handler": "journals", "made_at_s": 0.0, "due_at_s": 0.0, "attempts": 0, "dead": False, "error": ""}
    rows = [
        {"owner_id": row.owner_id, "subject": f"{row.device_id}/{row.epoch:08x}"} | fresh
        for row in op.get_bind().execute(select(pending))
    ]
    if rows:
        op.execute(insert(events).values(rows))
    op.drop_table("pending_journals")
