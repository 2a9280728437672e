"""The table of keys, and one of them."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, Index, LargeBinary, Table, Uuid

from paceline_server.platform.schema import METADATA

IDEMPOTENCY_KEYS = Table(
    "idempotency_keys",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("key_hash", LargeBinary(32), primary_key=True),
    Column("attempt", LargeBinary(16), nullable=False),  # which request it was that wrote
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("made_at_s", Double, nullable=False),
    Column("answer", LargeBinary),  # sealed, as it may hold a token; none until the request has ended
    Index("idempotency_keys_by_age", "owner_id", "made_at_s"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request under a key: what it was, and which of all that bear the key."""

    owner_id: str
    key_hash: bytes
    attempt: bytes
    fingerprint: bytes
    made_at_s: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a key; `answer` None while its request is under way, or when its end was never seen."""

    fingerprint: bytes
    made_at_s: float
    answer: bytes | None
