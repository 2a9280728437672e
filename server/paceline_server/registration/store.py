"""SQL of registrations."""

from sqlalchemy import Connection, delete, insert

from paceline_server.errors import ForbiddenError
from paceline_server.registration.model import INVITATIONS
from paceline_server.users import store as users
from paceline_server.users.model import User

_I = INVITATIONS.c


def invite(connection: Connection, code_hash: bytes, made_by: str | None, now_s: float, expires_at_s: float) -> None:
    """Keep an invitation and drop those that have expired."""
    connection.execute(delete(INVITATIONS).where(_I.expires_at_s < now_s))
    connection.execute(insert(INVITATIONS).values(code_hash=code_hash, made_by=made_by, expires_at_s=expires_at_s))


def register(connection: Connection, user: User, password_hash: str, code_hash: bytes | None, now_s: float) -> User:
    """Make the account and use the invitation up, if one is needed; ForbiddenError when it does not hold."""
    if code_hash is not None:
        holds = (_I.code_hash == code_hash, _I.expires_at_s > now_s)
        if connection.execute(delete(INVITATIONS).where(*holds)).rowcount == 0:
            raise ForbiddenError("invitation", "This invitation is not known, was used, or has expired.")
    return users.add(connection, user, password_hash)
