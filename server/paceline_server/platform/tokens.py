"""Tokens: log-in sessions, API keys, and the short ones of what was let in. The database holds only their hashes.

A token reads `<owner id, 32 hex digits>.<secret, 43 characters>`, so that the look-up names the owner.
What a hub or an app was let in for is an authorization (platform/authorizations.py), which has one token at a time.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

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
    update,
)

from paceline_server.platform.policy import Kind, Role, Scope, Viewer
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
    Column("scopes", String(400)),  # names with spaces between; null: all that its kind may have
    Column("used_at_s", Double),  # to the minute
    Column("proved_at_s", Double),  # when the person behind a session last gave a password or a passkey
    Column("authorization_hash", LargeBinary(32)),  # whose access token this is
)
AUTHORIZATIONS = Table(
    "authorizations",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("authorization_hash", LargeBinary(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("client_id", String(64), nullable=False),
    Column("label", String(100), nullable=False),
    Column("scopes", String(400), nullable=False),
    Column("created_at_s", Double, nullable=False),
    Column("expires_at_s", Double, nullable=False),
    Column("refresh_hash", LargeBinary(32), nullable=False),
    Column("previous_hash", LargeBinary(32)),  # null: its successor was used
    Column("used_at_s", Double),
    Column("ended_at_s", Double),  # by an old copy of its refresh token
)
HELD = tuple(
    TOKENS.c[name] for name in ("kind", "scopes", "authorization_hash", "used_at_s", "proved_at_s", "expires_at_s")
)
USED_EVERY_S = 60.0

_NAMES = frozenset(Scope)
_TOKEN = re.compile(r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request comes from, by which token; what it may is known once the token was looked up.

    `scopes` None are all of them; `used_at_s` is when the token was used last, to the minute, None for never.
    """

    owner_id: str
    token_hash: bytes
    kind: Kind | None = None
    role: Role = Role.USER
    scopes: frozenset[Scope] | None = None
    used_at_s: float | None = None
    proved_at_s: float | None = None
    authorization_hash: bytes | None = None

    @property
    def viewer(self) -> Viewer:
        """Return who that is for the policy."""
        return Viewer(self.owner_id, self.kind, self.role, self.scopes)


@dataclass(frozen=True, slots=True)
class Token:
    """A token or an authorization as its owner sees it; `token_id` names it and opens nothing.

    `ended_at_s` is when somebody showed an old copy of its refresh token, which ended it.
    """

    token_id: str
    kind: Kind
    label: str
    created_at_s: float
    expires_at_s: float | None
    scopes: frozenset[Scope] | None = None
    used_at_s: float | None = None
    client_id: str | None = None
    ended_at_s: float | None = None


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
    connection: Connection,
    token: str,
    kind: Kind,
    *,
    label: str,
    now_s: float,
    expires_at_s: float | None,
    scopes: frozenset[Scope] | None = None,
    authorization_hash: bytes | None = None,
) -> None:
    """Keep a token's hash; without `scopes` it has all that its kind may have."""
    identity = identity_of(token)
    assert identity is not None
    connection.execute(
        insert(TOKENS).values(
            owner_id=identity.owner_id,
            token_hash=identity.token_hash,
            kind=kind.value,
            label=label,
            created_at_s=now_s,
            expires_at_s=expires_at_s,
            scopes=" ".join(sorted(scopes)) if scopes is not None else None,
            proved_at_s=now_s if kind is Kind.SESSION else None,
            authorization_hash=authorization_hash,
        )
    )
    connection.execute(delete(TOKENS).where(TOKENS.c.owner_id == identity.owner_id, TOKENS.c.expires_at_s < now_s))


def held(connection: Connection, claim: Identity, now_s: float) -> Identity | None:
    """Return a token's claim with kind and scopes, None when it was never issued, is revoked or has expired."""
    return held_by(connection.execute(select(*HELD).where(_is(claim))).one_or_none(), claim, now_s)


def held_by(row: Any, claim: Identity, now_s: float) -> Identity | None:
    """Do as held; `row` has the columns HELD of the claim's token, None when there is no such one."""
    if row is None or (row.expires_at_s is not None and row.expires_at_s <= now_s):
        return None
    return replace(
        claim,
        kind=Kind(row.kind),
        scopes=_scopes(row.kind, row.scopes),
        used_at_s=row.used_at_s,
        proved_at_s=row.proved_at_s,
        authorization_hash=row.authorization_hash,
    )


def note_use(connection: Connection, identity: Identity, now_s: float) -> None:
    """Keep that a token was used now: so its client has it, and what it replaced is needed no more.

    One that was replaced meanwhile says nothing of its successor.
    """
    whose = is_authorization(identity.owner_id, identity.authorization_hash or b"")
    if identity.authorization_hash is not None:  # locked before its tokens, as whoever renews or ends it does
        connection.execute(select(AUTHORIZATIONS.c.owner_id).where(whose).with_for_update())
    used = connection.execute(update(TOKENS).where(_is(identity)).values(used_at_s=now_s)).rowcount
    if used and identity.authorization_hash is not None:
        connection.execute(update(AUTHORIZATIONS).where(whose).values(used_at_s=now_s, previous_hash=None))


def note_proof(connection: Connection, identity: Identity, now_s: float) -> None:
    """Keep that the person behind a session proved now who that is."""
    connection.execute(update(TOKENS).where(_is(identity)).values(proved_at_s=now_s))


def list_tokens(connection: Connection, owner_id: str, now_s: float) -> list[Token]:
    """Return an owner's tokens and authorizations that hold, the newest first."""
    lone = (TOKENS.c.owner_id == owner_id, TOKENS.c.authorization_hash.is_(None))
    found = [_token(row, row.token_hash) for row in connection.execute(select(TOKENS).where(*lone))]
    found += [each for each in list_authorizations(connection, owner_id) if each.ended_at_s is None]
    held_now = [each for each in found if each.expires_at_s is None or each.expires_at_s > now_s]
    return sorted(held_now, key=lambda each: (-each.created_at_s, each.token_id))


def list_authorizations(connection: Connection, owner_id: str) -> list[Token]:
    """Return all that an owner has let in, also what has ended since."""
    rows = connection.execute(select(AUTHORIZATIONS).where(AUTHORIZATIONS.c.owner_id == owner_id))
    return [
        replace(_token(row, row.authorization_hash), client_id=row.client_id, ended_at_s=row.ended_at_s) for row in rows
    ]


def remove_tokens(connection: Connection, owner_id: str, gone: Callable[[bytes, Kind], bool]) -> int:
    """Revoke those of an owner for which `gone(hash, kind)` says so, by the hash of token or authorization.

    Return how many.
    """
    lone = (TOKENS.c.owner_id == owner_id, TOKENS.c.authorization_hash.is_(None))
    tokens = connection.execute(select(TOKENS.c.token_hash, TOKENS.c.kind).where(*lone)).all()
    of_owner = AUTHORIZATIONS.c.owner_id == owner_id
    columns = (AUTHORIZATIONS.c.authorization_hash, AUTHORIZATIONS.c.kind)
    authorizations = connection.execute(select(*columns).where(of_owner)).all()
    ends = [Identity(owner_id, row[0]) for row in tokens if gone(row[0], Kind(row[1]))]
    ends += [Identity(owner_id, b"", authorization_hash=row[0]) for row in authorizations if gone(row[0], Kind(row[1]))]
    for identity in ends:
        remove_token(connection, identity)
    return len(ends)


def remove_token(connection: Connection, identity: Identity) -> None:
    """Revoke a token; with the authorization that it is of, if any."""
    if identity.authorization_hash is None:
        connection.execute(delete(TOKENS).where(_is(identity)))
        return
    connection.execute(delete(AUTHORIZATIONS).where(is_authorization(identity.owner_id, identity.authorization_hash)))
    remove_access(connection, identity.owner_id, identity.authorization_hash)


def remove_access(connection: Connection, owner_id: str, authorization_hash: bytes) -> None:
    """Revoke the access tokens of an authorization."""
    whose = (TOKENS.c.owner_id == owner_id, TOKENS.c.authorization_hash == authorization_hash)
    connection.execute(delete(TOKENS).where(*whose))


def is_authorization(owner_id: str, authorization_hash: bytes) -> ColumnElement[bool]:
    """Return the condition for one authorization."""
    return and_(AUTHORIZATIONS.c.owner_id == owner_id, AUTHORIZATIONS.c.authorization_hash == authorization_hash)


def _token(row: Any, its_hash: bytes) -> Token:
    scopes = _scopes(row.kind, row.scopes)
    times = (row.created_at_s, row.expires_at_s)
    return Token(token_id_of(its_hash), Kind(row.kind), row.label, *times, scopes, row.used_at_s)


def _is(identity: Identity) -> ColumnElement[bool]:
    return and_(TOKENS.c.owner_id == identity.owner_id, TOKENS.c.token_hash == identity.token_hash)


def _scopes(kind: str, kept: str | None) -> frozenset[Scope] | None:
    # A scope that is no more is no scope.
    if kept is None:
        return frozenset({Scope.GATEWAY}) if kind == Kind.GATEWAY else None
    return frozenset(Scope(name) for name in kept.split() if name in _NAMES)
