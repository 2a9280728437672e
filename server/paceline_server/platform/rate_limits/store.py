"""The buckets that all servers of one PostgreSQL share. Whose they are is kept as a hash, and soon forgotten."""

from sqlalchemy import Column, Connection, Double, Index, LargeBinary, String, Table, and_, delete, select, update
from sqlalchemy.dialects import postgresql

from paceline_server.platform.rate_limits.buckets import Taken, take
from paceline_server.platform.rate_limits.table import Limit
from paceline_server.platform.schema import METADATA, SHARED

RATE_BUCKETS = Table(
    "rate_buckets",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("key_hash", LargeBinary(16), primary_key=True),
    Column("level", Double, nullable=False),
    Column("at_s", Double, nullable=False),
    Index("rate_buckets_by_age", "at_s"),
    info={SHARED: "counts of attempts, also of those who are nobody yet"},
)
_B = RATE_BUCKETS.c


def take_shared(connection: Connection, limit: Limit, key_hash: bytes, now_s: float) -> Taken:
    """Put one attempt into the bucket of a key; others who do wait. On PostgreSQL."""
    fresh = {"name": limit.name, "key_hash": key_hash, "level": 0.0, "at_s": now_s}
    connection.execute(postgresql.insert(RATE_BUCKETS).values(fresh).on_conflict_do_nothing())
    is_it = and_(_B.name == limit.name, _B.key_hash == key_hash)
    level, at_s = connection.execute(select(_B.level, _B.at_s).where(is_it).with_for_update()).one()
    taken = take(limit, level, at_s, now_s, 1.0)
    values = {"level": taken.level, "at_s": max(now_s, at_s)}
    connection.execute(update(RATE_BUCKETS).where(is_it).values(values))
    return taken


def sweep(connection: Connection, before_s: float) -> None:
    """Forget buckets that have leaked dry."""
    connection.execute(delete(RATE_BUCKETS).where(_B.at_s <= before_s))
