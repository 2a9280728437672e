"""Days, and what wearables say of themselves."""

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Integer,
    LargeBinary,
    String,
    Text,
    Uuid,
    column,
    insert,
    select,
    table,
    update,
)

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "device_events",
        *_journal_key(),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("kind", String(8), nullable=False),
        Column("utc_s", BigInteger, nullable=False),
        Column("code", Integer, nullable=False),
        Column("value", Integer, nullable=False),
        Column("text", Text, nullable=False),
    )
    op.create_index("device_events_by_time", "device_events", ["owner_id", "device_id", "utc_s", "epoch", "position"])
    op.create_table(
        "daily_parts",
        *_journal_key(),
        Column("day", String(10), primary_key=True),
        Column("last_position", BigInteger, nullable=False),
        Column("records", LargeBinary, nullable=False),
    )
    op.create_table(
        "daily_metrics",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("metric", String(32), primary_key=True),
        Column("day", String(10), primary_key=True),
        Column("source", String(64), primary_key=True),
        Column("value", Double, nullable=False),
        Column("latest_utc_s", BigInteger, nullable=False),
    )

    _read_anew()


def _read_anew() -> None:
    # The journals held already tell of days and events, too: they are read from their start once more.
    names = ("owner_id", "device_id", "epoch")
    journals = table("journals", *map(column, (*names, "resume_position", "start_position")))
    pending = table("pending_journals", *map(column, names))
    op.execute(update(journals).values(resume_position=journals.c.start_position))
    waits = select(1).where(*(pending.c[name] == journals.c[name] for name in names))
    held = select(*(journals.c[name] for name in names)).where(~waits.exists())
    op.execute(insert(pending).from_select(list(names), held))


def _journal_key() -> tuple[Column[Any], ...]:
    return (
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    )
