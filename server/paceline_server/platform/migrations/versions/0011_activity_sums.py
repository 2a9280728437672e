"""Sums of activities; activities from before are measured anew, as their journals are read once more."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    String,
    Uuid,
    column,
    insert,
    select,
    table,
    update,
)

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table, and have every journal read from its start."""
    op.create_table(
        "activity_sums",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("activity_id", Uuid(as_uuid=False), primary_key=True),
        Column("stamp", BigInteger, nullable=False),
        Column("start_utc_s", Double, nullable=False),
        Column("zone_s", Integer, nullable=False),
        Column("day", Integer, nullable=False),
        Column("sport", String(32), nullable=False),
        Column("source", String(100), nullable=False),
        Column("distance_cm", BigInteger, nullable=False),
        Column("duration_ms", BigInteger, nullable=False),
        Column("moving_ms", BigInteger, nullable=False),
        Column("ascent_cm", BigInteger, nullable=False),
        Column("energy_cal", BigInteger, nullable=False),
        Column("heart", LargeBinary, nullable=False),
        Column("efforts", LargeBinary, nullable=False),
    )
    owner = Column("owner_id", Uuid(as_uuid=False))
    names = ("device_id", "epoch", "resume_position", "start_position", "fills")
    journals = table("journals", owner, *map(column, names))
    owner, dead = Column("owner_id", Uuid(as_uuid=False)), Column("dead", Boolean)
    rest = ("handler", "subject", "made_at_s", "due_at_s", "attempts", "error")
    events = table("events", owner, dead, *map(column, rest))
    op.execute(update(journals).values(resume_position=journals.c.start_position, fills=journals.c.fills + 1))
    bind = op.get_bind()
    alive = select(events.c.owner_id, events.c.handler, events.c.subject).where(events.c.dead.is_(False))
    waiting = {tuple(row) for row in bind.execute(alive)}
    fresh = {"handler": "journals", "made_at_s": 0.0, "due_at_s": 0.0, "attempts": 0, "dead": False, "error": ""}
    for row in bind.execute(select(journals.c.owner_id, journals.c.device_id, journals.c.epoch)).all():
        subject = f"{row.device_id}/{row.epoch:08x}"
        if (row.owner_id, "journals", subject) not in waiting:
            op.execute(insert(events).values(owner_id=row.owner_id, subject=subject, **fresh))
