"""SQL of the accounts."""

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from paceline_server.errors import ConflictError
from paceline_server.platform.tokens import API, add_token
from paceline_server.users.model import USERNAMES, USERS, User

_USER = (USERS.c.owner_id, USERS.c.username, USERS.c.created_at_s)


def add(connection: Connection, user: User, password_hash: str, token: str) -> None:
    """Add a user and an API token; ConflictError when the name is taken."""
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
        )
    )
    add_token(connection, token, API, label="setup", now_s=user.created_at_s, expires_at_s=None)


def get(connection: Connection, owner_id: str) -> User | None:
    """Return a user."""
    row = connection.execute(select(*_USER).where(USERS.c.owner_id == owner_id)).one_or_none()
    return User(*row) if row is not None else None


def find(connection: Connection, username: str) -> tuple[User, str] | None:
    """Return the user of a name, with the password's hash."""
    query = select(USERNAMES.c.owner_id).where(USERNAMES.c.username == username)
    owner_id = connection.execute(query).scalar()
    if owner_id is None:
        return None
    row = connection.execute(select(*_USER, USERS.c.password_hash).where(USERS.c.owner_id == owner_id)).one_or_none()
    return (User(*row[:3]), row[3]) if row is not None else None
