"""SQL of passkeys and challenges."""

import hashlib

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from paceline_server.errors import ConflictError
from paceline_server.passkeys.model import PASSKEY_CHALLENGES, PASSKEYS, Challenge, Passkey

_P, _C = PASSKEYS.c, PASSKEY_CHALLENGES.c
_COLUMNS = (
    _P.owner_id,
    _P.credential,
    _P.public_key,
    _P.rp_id,
    _P.sign_count,
    _P.name,
    _P.created_at_s,
    _P.used_at_s,
)


def list_for(connection: Connection, owner_id: str) -> list[Passkey]:
    """Return a user's passkeys, the oldest first."""
    rows = connection.execute(select(*_COLUMNS).where(_P.owner_id == owner_id))
    return sorted((Passkey(*row) for row in rows), key=lambda passkey: passkey.created_at_s)


def get(connection: Connection, owner_id: str, credential: bytes) -> Passkey | None:
    """Return a user's passkey by the id that its authenticator gave it."""
    row = connection.execute(select(*_COLUMNS).where(_is(owner_id, _hash(credential)))).one_or_none()
    return Passkey(*row) if row is not None else None


def add(connection: Connection, passkey: Passkey, most: int) -> None:
    """Keep a passkey; ConflictError when it is there already, or there are as many as may be."""
    count = connection.execute(
        select(func.count()).select_from(PASSKEYS).where(_P.owner_id == passkey.owner_id)
    ).scalar_one()
    if count >= most or get(connection, passkey.owner_id, passkey.credential) is not None:
        raise ConflictError("passkey", f"This passkey is there already, or there are {most}.")
    connection.execute(
        insert(PASSKEYS).values(
            owner_id=passkey.owner_id,
            credential_hash=_hash(passkey.credential),
            credential=passkey.credential,
            public_key=passkey.public_key,
            rp_id=passkey.rp_id,
            sign_count=passkey.sign_count,
            name=passkey.name,
            created_at_s=passkey.created_at_s,
        )
    )


def note_use(connection: Connection, passkey: Passkey, sign_count: int, now_s: float) -> bool:
    """Keep the count of a signature; False when it is not above the one held by now (0 where none is counted)."""
    above = (_P.sign_count < sign_count) if sign_count else (_P.sign_count == 0)
    is_it = and_(_is(passkey.owner_id, _hash(passkey.credential)), above)
    values = {"sign_count": sign_count, "used_at_s": now_s}
    return connection.execute(update(PASSKEYS).where(is_it).values(**values)).rowcount == 1


def rename(connection: Connection, owner_id: str, passkey_id: bytes, name: str) -> bool:
    """Call a passkey something else; False when there is no such one."""
    changed = update(PASSKEYS).where(_P.owner_id == owner_id, _P.credential_hash == passkey_id).values(name=name)
    return connection.execute(changed).rowcount == 1


def remove(connection: Connection, owner_id: str, passkey_id: bytes) -> bool:
    """Forget a passkey; False when there is no such one."""
    return connection.execute(delete(PASSKEYS).where(_is(owner_id, passkey_id))).rowcount == 1


def add_challenge(connection: Connection, challenge: Challenge, now_s: float) -> None:
    """Keep a challenge, and drop those that have expired."""
    connection.execute(delete(PASSKEY_CHALLENGES).where(_C.expires_at_s < now_s))
    connection.execute(
        insert(PASSKEY_CHALLENGES).values(
            ticket_hash=challenge.ticket_hash,
            challenge=challenge.challenge,
            purpose=challenge.purpose,
            about=challenge.about,
            expires_at_s=challenge.expires_at_s,
        )
    )


def take_challenge(connection: Connection, ticket_hash: bytes, now_s: float) -> Challenge | None:
    """Return the challenge of a ticket, once; None when there is none that holds."""
    row = connection.execute(select(PASSKEY_CHALLENGES).where(_C.ticket_hash == ticket_hash)).one_or_none()
    if row is None or connection.execute(delete(PASSKEY_CHALLENGES).where(_C.ticket_hash == ticket_hash)).rowcount == 0:
        return None
    return Challenge(*row) if row.expires_at_s > now_s else None


def id_of(passkey: Passkey) -> bytes:
    """Return what names a passkey to its owner."""
    return _hash(passkey.credential)


def _hash(credential: bytes) -> bytes:
    return hashlib.sha256(credential).digest()


def _is(owner_id: str, passkey_id: bytes) -> ColumnElement[bool]:
    return and_(_P.owner_id == owner_id, _P.credential_hash == passkey_id)
