"""The table of push subscriptions, and what one is."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA

# Endpoint and keys are sealed: who knows them can send to that browser.
PUSH_SUBSCRIPTIONS = Table(
    "push_subscriptions",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("subscription_id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at_s", Double, nullable=False),
    Column("failing_since_s", Double),
)

MOST_SUBSCRIPTIONS = 20
LONGEST_ENDPOINT = 1000


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser; `sealed` holds its Receiver."""

    owner_id: str
    subscription_id: str
    name: str
    sealed: bytes
    made_at_s: float
    failing_since_s: float | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a browser is reached: its endpoint, its public key (65 bytes, P-256) and secret (16 bytes)."""

    endpoint: str
    public_key: bytes
    auth: bytes
