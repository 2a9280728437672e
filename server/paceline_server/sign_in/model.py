"""The tables of outside identities, one of them, and what a provider is to this server."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA, SHARED

LONGEST_ISSUER, LONGEST_SUBJECT, LONGEST_LABEL = 500, 255, 100

OUTSIDE_IDENTITIES = Table(
    "outside_identities",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("identity_hash", LargeBinary(32), primary_key=True),
    Column("issuer", String(LONGEST_ISSUER), nullable=False),
    Column("subject", String(LONGEST_SUBJECT), nullable=False),
    Column("label", String(LONGEST_LABEL), nullable=False),
    Column("linked_at_s", Double, nullable=False),
)

# What finds who signs in, and keeps an identity from opening two accounts.
IDENTITY_OWNERS = Table(
    "identity_owners",
    METADATA,
    Column("identity_hash", LargeBinary(32), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False, index=True),
    info={SHARED: "the directory of outside identities: it says who the owner is"},
)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that the operator trusts; `trust_email` lets an address that it has verified stand for its owner."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str
    trust_email: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is to a provider; `email` only when the provider has verified it."""

    issuer: str
    subject: str
    label: str
    email: str | None

    @property
    def identity_hash(self) -> bytes:
        """Return what the identity is found by."""
        return hashlib.sha256(f"{self.issuer}\0{self.subject}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Linked:
    """An outside identity of an account, as its owner sees it."""

    identity_hash: bytes
    issuer: str
    label: str
    linked_at_s: float

    @property
    def identity_id(self) -> str:
        """Return what names it to its owner."""
        return self.identity_hash[:8].hex()


class ProviderError(Exception):
    """A provider that did not answer, or not as it must; says what, and holds nothing secret."""
