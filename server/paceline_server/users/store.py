"""SQL of the accounts."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from paceline_server.errors import ConflictError
from paceline_server.platform.policy import Kind, Role
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.tokens import HELD, TOKENS, Identity, add_token, held_by
from paceline_server.users.model import USERNAMES, USERS, User

_USER = (USERS.c.owner_id, USERS.c.username, USERS.c.created_at_s, USERS.c.role)
_LOOK_UP = Prepared(  # every request asks it
    select(USERS.c.role, *HELD)
    .join_from(TOKENS, USERS, USERS.c.owner_id == TOKENS.c.owner_id)
    .where(TOKENS.c.owner_id == bindparam("owner"), TOKENS.c.token_hash == bindparam("hash"))
)
_ONE = Prepared(select(*_USER).where(USERS.c.owner_id == bindparam("owner")))


def look_up(connection: Connection, claim: Identity, now_s: float) -> Identity | None:
    """Return who a token stands for, with what it may; None when it does not hold."""
    row = _LOOK_UP.row(connection, owner=claim.owner_id, hash=claim.token_hash)
    identity = held_by(row, claim, now_s)
    return replace(identity, role=Role(row.role)) if identity is not None and row is not None else None


def add_with_token(connection: Connection, user: User, password_hash: str, token: str) -> User:
    """Add a user and an API token; the first of all is the admin. ConflictError when the name is taken."""
    if connection.execute(select(USERNAMES.c.owner_id).limit(1)).first() is None:
        user = replace(user, role=Role.ADMIN)
    add(connection, user, password_hash)
    add_token(connection, token, Kind.API, label="setup", now_s=user.created_at_s, expires_at_s=None)
    return user


def add(connection: Connection, user: User, password_hash: str) -> User:
    """Add a user; ConflictError when the name is taken."""
    try:
        connection.execute(insert(USERNAMES).values(username=user.username, owner_id=user.owner_id))
    except IntegrityError as error:
        raise ConflictError("username_taken", f"The user name {user.username} is taken.") from error
    connection.execute(
        insert(USERS).values(
            owner_id=user.owner_id,
            username=user.username,
            password_hash=password_hash,
            created_at_s=user.created_at_s,
            role=user.role.value,
        )
    )
    return user


def set_role(connection: Connection, owner_id: str, role: Role) -> None:
    """Make a user what the role says."""
    connection.execute(update(USERS).where(USERS.c.owner_id == owner_id).values(role=role.value))


def set_password_hash(connection: Connection, owner_id: str, password_hash: str, *, over: str | None = None) -> None:
    """Keep a password's hash; with `over` only in place of that one."""
    where = [USERS.c.owner_id == owner_id] + ([USERS.c.password_hash == over] if over is not None else [])
    connection.execute(update(USERS).where(*where).values(password_hash=password_hash))


def password_hash_of(connection: Connection, owner_id: str) -> str | None:
    """Return the hash of a user's password."""
    return connection.execute(select(USERS.c.password_hash).where(USERS.c.owner_id == owner_id)).scalar()


def get(connection: Connection, owner_id: str) -> User | None:
    """Return a user."""
    row = _ONE.row(connection, owner=owner_id)
    return _user(row) if row is not None else None


def everybody(connection: Connection) -> list[User]:
    """Return all users, by name."""
    named = connection.execute(select(USERNAMES.c.owner_id).order_by(USERNAMES.c.username)).scalars().all()
    return [user for user in (get(connection, owner_id) for owner_id in named) if user is not None]


def ids_after(connection: Connection, username: str, most: int) -> dict[str, str]:
    """Return name → id of the users whose names come next behind one ("": from the first), in their order."""
    table = USERNAMES.c
    query = select(table.username, table.owner_id).where(table.username > username).order_by(table.username)
    return {row.username: row.owner_id for row in connection.execute(query.limit(most))}


def named(connection: Connection, beginning: str, limit: int, offset: int) -> list[User]:
    """Return a page of the users whose name begins so ("": all), by name."""
    names = USERNAMES.c.username
    query = select(USERNAMES.c.owner_id).where(names >= beginning).order_by(names).limit(limit).offset(offset)
    if beginning:
        query = query.where(names < beginning + "\U0010ffff")
    found = (get(connection, owner_id) for owner_id in connection.execute(query).scalars().all())
    return [user for user in found if user is not None]


def count(connection: Connection) -> int:
    """Return how many users there are."""
    return connection.execute(select(func.count()).select_from(USERNAMES)).scalar_one()


def find(connection: Connection, username: str) -> tuple[User, str] | None:
    """Return the user of a name, with the password's hash."""
    query = select(USERNAMES.c.owner_id).where(USERNAMES.c.username == username)
    owner_id = connection.execute(query).scalar()
    if owner_id is None:
        return None
    row = connection.execute(select(*_USER, USERS.c.password_hash).where(USERS.c.owner_id == owner_id)).one_or_none()
    return (_user(row), row.password_hash) if row is not None else None


def _user(row: Any) -> User:
    return User(row.owner_id, row.username, row.created_at_s, Role(row.role))
