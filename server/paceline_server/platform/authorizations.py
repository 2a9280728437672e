"""What an owner has let in: a short access token at a time, renewed by a refresh token that changes with each use.

A refresh token reads `<owner id, 32 hex digits>.<authorization, 43 characters>.<secret, 43 characters>`; only hashes
are kept. A new secret replaces the old one as this project confirms everything: the old one holds until the new pair
was used, so that an answer which was lost, or a power cut before it was kept, locks nobody out. Whoever shows any other
secret of the authorization has an old copy: then two hold it, nobody can tell which is the thief, and it ends for both
(RFC 9700, 4.14.2). One hash is enough for that, however often it was renewed.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from paceline_server.platform.policy import Kind, Scope
from paceline_server.platform.tokens import (
    AUTHORIZATIONS,
    Identity,
    add_token,
    is_authorization,
    new_token,
    remove_access,
    remove_token,
)

TOLD_S = 30 * 86400.0  # how long the owner is shown that one has ended
_TOKEN = re.compile(
    r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.([\w-]{43})\.([\w-]{43})", re.A
)
RandomBytes = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Terms:
    """How long an access token holds, and how long an authorization does that is not renewed."""

    access_s: int
    unused_s: float


# A hub lies in a drawer for a year, and its flash is written once a day; an app that nobody uses is forgotten.
TERMS = {Kind.GATEWAY: Terms(86_400, 400 * 86_400.0), Kind.APP: Terms(3_600, 90 * 86_400.0)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is let in: by which client, called what, for which scopes."""

    kind: Kind
    client_id: str
    label: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens that were just made; they go to the client and are kept nowhere."""

    owner_id: str
    access_token: str
    refresh_token: str
    expires_in_s: int
    scopes: frozenset[Scope]
    authorization_hash: bytes


@dataclass(frozen=True, slots=True)
class RefreshClaim:
    """What a refresh token claims."""

    owner_id: str
    authorization: str
    secret_hash: bytes

    @property
    def authorization_hash(self) -> bytes:
        """Return what the authorization is kept under."""
        return _hash(self.authorization)


def claim_of(refresh_token: str) -> RefreshClaim | None:
    """Return what a text claims as a refresh token, None when it is none."""
    match = _TOKEN.fullmatch(refresh_token)
    if match is None:
        return None
    *owner, authorization, secret = match.groups()
    return RefreshClaim("-".join(owner), authorization, _hash(secret))


def begin(connection: Connection, owner_id: str, wanted: Wanted, now_s: float, random_bytes: RandomBytes) -> Issued:
    """Let something in; what has ended or run out long ago is forgotten."""
    of_owner = AUTHORIZATIONS.c.owner_id == owner_id
    connection.execute(delete(AUTHORIZATIONS).where(of_owner, AUTHORIZATIONS.c.ended_at_s < now_s - TOLD_S))
    connection.execute(delete(AUTHORIZATIONS).where(of_owner, AUTHORIZATIONS.c.expires_at_s < now_s))
    authorization, secret = _drawn(random_bytes), _drawn(random_bytes)
    connection.execute(
        insert(AUTHORIZATIONS).values(
            owner_id=owner_id,
            authorization_hash=_hash(authorization),
            kind=wanted.kind.value,
            client_id=wanted.client_id,
            label=wanted.label,
            scopes=" ".join(sorted(wanted.scopes)),
            created_at_s=now_s,
            expires_at_s=now_s + TERMS[wanted.kind].unused_s,
            refresh_hash=_hash(secret),
        )
    )
    return _issued(connection, owner_id, (authorization, secret), wanted, now_s, random_bytes)


def renew(
    connection: Connection,
    claim: RefreshClaim,
    client_id: str,
    narrowed: frozenset[Scope] | None,
    now_s: float,
    random_bytes: RandomBytes,
) -> Issued | None:
    """Give new tokens for a refresh token of this client; `narrowed` None asks for all that was agreed to.

    None when it does not hold; does not raise, as an end by an old copy must be kept. ValueError, and nothing changed,
    when more is asked for than was agreed to.
    """
    is_it = is_authorization(claim.owner_id, claim.authorization_hash)
    row = connection.execute(select(AUTHORIZATIONS).where(is_it).with_for_update()).one_or_none()
    if row is None or row.client_id != client_id or row.ended_at_s is not None or row.expires_at_s <= now_s:
        return None
    if claim.secret_hash not in (row.refresh_hash, row.previous_hash):
        connection.execute(update(AUTHORIZATIONS).where(is_it).values(ended_at_s=now_s, previous_hash=None))
        remove_access(connection, claim.owner_id, claim.authorization_hash)
        return None
    agreed = frozenset(Scope(name) for name in row.scopes.split() if name in frozenset(Scope))
    if narrowed is not None and not narrowed <= agreed:
        raise ValueError("more scopes than were agreed to")
    wanted = Wanted(Kind(row.kind), row.client_id, row.label, agreed if narrowed is None else narrowed)
    secret = _drawn(random_bytes)
    fresh = {
        "refresh_hash": _hash(secret),
        "previous_hash": claim.secret_hash,
        "expires_at_s": now_s + TERMS[wanted.kind].unused_s,
    }
    connection.execute(update(AUTHORIZATIONS).where(is_it).values(**fresh))
    remove_access(connection, claim.owner_id, claim.authorization_hash)
    return _issued(connection, claim.owner_id, (claim.authorization, secret), wanted, now_s, random_bytes)


def end(connection: Connection, claim: RefreshClaim, client_id: str) -> None:
    """End the authorization of a refresh token, if it is this client's."""
    is_it = is_authorization(claim.owner_id, claim.authorization_hash)
    found = connection.execute(select(AUTHORIZATIONS.c.client_id).where(is_it)).scalar()
    if found == client_id:
        remove_token(connection, Identity(claim.owner_id, b"", authorization_hash=claim.authorization_hash))


def client_of(connection: Connection, owner_id: str, authorization_hash: bytes) -> str | None:
    """Return whose authorization this is."""
    is_it = is_authorization(owner_id, authorization_hash)
    return connection.execute(select(AUTHORIZATIONS.c.client_id).where(is_it)).scalar()


def _issued(
    connection: Connection,
    owner_id: str,
    refresh: tuple[str, str],
    wanted: Wanted,
    now_s: float,
    random_bytes: RandomBytes,
) -> Issued:
    authorization, secret = refresh
    access_token, access_s = new_token(owner_id, random_bytes), TERMS[wanted.kind].access_s
    add_token(
        connection,
        access_token,
        wanted.kind,
        label=wanted.label,
        now_s=now_s,
        expires_at_s=now_s + access_s,
        scopes=wanted.scopes,
        authorization_hash=_hash(authorization),
    )
    refresh_token = f"{owner_id.replace('-', '')}.{authorization}.{secret}"
    return Issued(owner_id, access_token, refresh_token, access_s, wanted.scopes, _hash(authorization))


def _drawn(random_bytes: RandomBytes) -> str:
    return base64.urlsafe_b64encode(random_bytes(32)).rstrip(b"=").decode()


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
