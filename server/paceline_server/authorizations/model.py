"""The table of authorization codes, and what an app asks for."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.apps.model import LONGEST_URI, App
from paceline_server.platform.policy import Scope
from paceline_server.platform.schema import METADATA

CODE_LIFETIME_S = 60.0
CODE_KEPT_S = 3600.0  # after it has expired: who shows a used one once more has a copy

AUTHORIZATION_CODES = Table(
    "authorization_codes",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("client_id", String(64), nullable=False),
    Column("redirect_uri", String(LONGEST_URI), nullable=False),
    Column("challenge", String(43), nullable=False),
    Column("scopes", String(400), nullable=False),
    Column("expires_at_s", Double, nullable=False),
    Column("authorization_hash", LargeBinary(32)),  # what was let in by it; null until it is redeemed
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of an app for a person's consent, checked; `challenge` is that of PKCE by S256."""

    app: App
    redirect_uri: str
    scopes: frozenset[Scope]
    state: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """A request that the app itself is told is wrong, where it may be sent to: `error` by RFC 6749, 4.1.2.1."""

    redirect_uri: str
    state: str
    error: str
    description: str
