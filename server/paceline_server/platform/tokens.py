"""Tokens: log-in sessions and API keys. The database holds only their hashes, under their owner.

A token reads `<owner id, 32 hex digits>.<secret, 43 characters>`, so that the look-up names the owner.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Double,
    LargeBinary,
    String,
    Table,
    Uuid,
    and_,
    delete,
    insert,
    select,
)

from paceline_server.platform.policy import Role, Scope, Viewer
from paceline_server.platform.schema import METADATA

TOKENS = Table(
    "tokens",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("label", String(100), nullable=False),
    Column("created_at_s", Double, nullable=False),
    Column("expires_at_s", Double),
)

_TOKEN = re.compile(r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request comes from, by which token; what it may (`scope`, `role`) is known once the token was looked up."""

    owner_id: str
    token_hash: bytes
    scope: Scope | None = None
    role: Role = Role.USER

    @property
    def viewer(self) -> Viewer:
        """Return who that is for the policy."""
        return Viewer(self.owner_id, self.scope, self.role)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; `token_id` names it and opens nothing."""

    token_id: str
    scope: Scope
    label: str
    created_at_s: float
    expires_at_s: float | None


def token_id_of(token_hash: bytes) -> str:
    """Return what names a token to its owner."""
    return token_hash[:8].hex()


def new_token(owner_id: str, random_bytes: Callable[[int], bytes]) -> str:
    """Make a token of 256 random bits."""
    secret = base64.urlsafe_b64encode(random_bytes(32)).rstrip(b"=").decode()
    return f"{owner_id.replace('-', '')}.{secret}"


def identity_of(token: str) -> Identity | None:
    """Return whom a token claims to stand for, None when it is no token."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    return Identity("-".join(match.groups()), hashlib.sha256(token.encode()).digest())


def add_token(
    connection: Connection, token: str, scope: Scope, *, label: str, now_s: float, expires_at_s: float | None
) -> None:
    """Keep a token's hash."""
    identity = identity_of(token)
    assert identity is not None
    connection.execute(
        insert(TOKENS).values(
            owner_id=identity.owner_id,
            token_hash=identity.token_hash,
            kind=scope.value,
            label=label,
            created_at_s=now_s,
            expires_at_s=expires_at_s,
        )
    )
    connection.execute(delete(TOKENS).where(TOKENS.c.owner_id == identity.owner_id, TOKENS.c.expires_at_s < now_s))


def scope_of(connection: Connection, identity: Identity, now_s: float) -> Scope | None:
    """Return how far a token reaches, None when it was never issued, is revoked or has expired."""
    query = select(TOKENS.c.kind, TOKENS.c.expires_at_s).where(_is(identity))
    row = connection.execute(query).one_or_none()
    return Scope(row.kind) if row is not None and (row.expires_at_s is None or row.expires_at_s > now_s) else None


def list_tokens(connection: Connection, owner_id: str, now_s: float) -> list[Token]:
    """Return an owner's tokens that hold, the newest first."""
    rows = connection.execute(select(TOKENS).where(TOKENS.c.owner_id == owner_id)).all()
    tokens = [
        Token(token_id_of(row.token_hash), Scope(row.kind), row.label, row.created_at_s, row.expires_at_s)
        for row in rows
        if row.expires_at_s is None or row.expires_at_s > now_s
    ]
    return sorted(tokens, key=lambda token: (-token.created_at_s, token.token_id))


def remove_tokens(connection: Connection, owner_id: str, gone: Callable[[bytes, Scope], bool]) -> int:
    """Revoke those tokens of an owner for which `gone(hash, scope)` says so; return how many."""
    rows = connection.execute(select(TOKENS.c.token_hash, TOKENS.c.kind).where(TOKENS.c.owner_id == owner_id)).all()
    hashes = [row.token_hash for row in rows if gone(row.token_hash, Scope(row.kind))]
    for token_hash in hashes:
        remove_token(connection, Identity(owner_id, token_hash))
    return len(hashes)


def remove_token(connection: Connection, identity: Identity) -> None:
    """Revoke a token."""
    connection.execute(delete(TOKENS).where(_is(identity)))


def _is(identity: Identity) -> ColumnElement[bool]:
    return and_(TOKENS.c.owner_id == identity.owner_id, TOKENS.c.token_hash == identity.token_hash)
