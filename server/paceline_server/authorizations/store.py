"""SQL of the authorization codes. None of these raises for what a client does: what a refusal ends must be kept."""

import hmac
from collections.abc import Callable

from sqlalchemy import Connection, and_, delete, insert, select, update

from paceline_server.authorizations.model import AUTHORIZATION_CODES, CODE_KEPT_S, CODE_LIFETIME_S, Asked
from paceline_server.platform import authorizations
from paceline_server.platform.authorizations import Issued, Wanted
from paceline_server.platform.policy import Kind, Scope
from paceline_server.platform.tokens import Identity, held, identity_of, new_token, remove_token

_C = AUTHORIZATION_CODES.c


def add(connection: Connection, owner_id: str, asked: Asked, now_s: float, random_bytes: Callable[[int], bytes]) -> str:
    """Make a code for what the owner has agreed to."""
    connection.execute(
        delete(AUTHORIZATION_CODES).where(_C.owner_id == owner_id, _C.expires_at_s < now_s - CODE_KEPT_S)
    )
    code = new_token(owner_id, random_bytes)
    claim = identity_of(code)
    assert claim is not None
    connection.execute(
        insert(AUTHORIZATION_CODES).values(
            owner_id=owner_id,
            code_hash=claim.token_hash,
            client_id=asked.app.client_id,
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            scopes=" ".join(sorted(asked.scopes)),
            expires_at_s=now_s + CODE_LIFETIME_S,
        )
    )
    return code


def redeem(
    connection: Connection,
    claim: Identity,
    client: tuple[str, str],
    bound_to: tuple[str, str],
    now_s: float,
    random_bytes: Callable[[int], bytes],
) -> Issued | None:
    """Make the tokens of a code, once; `client` is its id and name, `bound_to` redirect URI and challenge.

    None when the code does not hold: a wrong guess spends it, and shown a second time it takes back what it gave
    (RFC 6749, 4.1.2).
    """
    client_id, name = client
    redirect_uri, challenge = bound_to
    is_it = and_(_C.owner_id == claim.owner_id, _C.code_hash == claim.token_hash)
    row = connection.execute(select(AUTHORIZATION_CODES).where(is_it).with_for_update()).one_or_none()
    if row is None or row.client_id != client_id:
        return None
    if row.authorization_hash is not None:
        remove_token(connection, Identity(claim.owner_id, b"", authorization_hash=row.authorization_hash))
        return None
    fits = row.expires_at_s > now_s and row.redirect_uri == redirect_uri
    if not fits or not hmac.compare_digest(row.challenge.encode(), challenge.encode()):
        connection.execute(delete(AUTHORIZATION_CODES).where(is_it))
        return None
    scopes = frozenset(Scope(scope) for scope in row.scopes.split())
    wanted = Wanted(Kind.APP, client_id, name, scopes)
    issued = authorizations.begin(connection, claim.owner_id, wanted, now_s, random_bytes)
    kept = update(AUTHORIZATION_CODES).where(is_it).values(authorization_hash=issued.authorization_hash)
    connection.execute(kept)
    return issued


def revoke(connection: Connection, token: str, client_id: str, now_s: float) -> None:
    """End what a client's access or refresh token belongs to; anything else is none of its business."""
    refresh = authorizations.claim_of(token)
    if refresh is not None:
        authorizations.end(connection, refresh, client_id)
        return
    claim = identity_of(token)
    identity = held(connection, claim, now_s) if claim is not None else None
    if identity is None or identity.authorization_hash is None:
        return
    if authorizations.client_of(connection, identity.owner_id, identity.authorization_hash) == client_id:
        remove_token(connection, identity)
