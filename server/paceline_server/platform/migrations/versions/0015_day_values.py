"""Days by the user's own clock: what sources say of them, whom to believe, and where the user was.

Sums of wearables' days are no longer kept: they are made of the records when they are asked for.
"""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    insert,
    select,
)

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables; weights that were entered become values of their days."""
    op.drop_table("daily_metrics")
    op.create_index("daily_parts_by_day", "daily_parts", ["owner_id", "day"])
    values = op.create_table(
        "day_values",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("metric", String(32), primary_key=True),
        Column("day", String(10), primary_key=True),
        Column("source", String(64), primary_key=True),
        Column("value", Double),
        Column("stamp_ms", BigInteger, nullable=False),
    )
    op.create_table(
        "day_counts",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("day", String(10), primary_key=True),
        Column("source", String(64), primary_key=True),
        Column("counts", LargeBinary, nullable=False),
    )
    op.create_table(
        "day_sleeps",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("source", String(64), primary_key=True),
        Column("sleep_id", String(64), primary_key=True),
        Column("start_utc_s", BigInteger, nullable=False),
        Column("end_utc_s", BigInteger, nullable=False),
        Column("stages", JSON, nullable=False),
        Column("stamp_ms", BigInteger, nullable=False),
        Column("gone", Boolean, nullable=False),
    )
    op.create_index("day_sleeps_by_end", "day_sleeps", ["owner_id", "end_utc_s"])
    op.create_table(
        "day_sources",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("source", String(64), nullable=False),
    )
    op.create_table(
        "day_zones",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("from_day", String(10), primary_key=True),
        Column("time_zone", String(64), nullable=False),
    )
    body = Table(
        "body_values",
        MetaData(),
        Column("owner_id", Uuid(as_uuid=False)),
        Column("metric", String(32)),
        Column("from_day", String(10)),
        Column("value", Double),
    )
    weights = select(body.c.owner_id, body.c.from_day, body.c.value).where(body.c.metric == "weight_kg")
    rows = [
        {"owner_id": owner_id, "metric": "weight_kg", "day": day, "source": "profile", "value": value, "stamp_ms": 0}
        for owner_id, day, value in op.get_bind().execute(weights)
    ]
    if rows:
        op.get_bind().execute(insert(values), rows)
