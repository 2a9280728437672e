"""SQL of the accounts."""

from sqlalchemy import Connection, insert, select

from paceline_server.users.model import USERS, User

_USER = (USERS.c.owner_id, USERS.c.username, USERS.c.created_at_s)


def add(connection: Connection, user: User, password_hash: str) -> None:
    """Add a user; sqlalchemy's IntegrityError when the name is taken."""
    connection.execute(
        insert(USERS).values(
            owner_id=user.owner_id,
            username=user.username,
            password_hash=password_hash,
            created_at_s=user.created_at_s,
        )
    )


def get(connection: Connection, owner_id: str) -> User | None:
    """Return a user."""
    row = connection.execute(select(*_USER).where(USERS.c.owner_id == owner_id)).one_or_none()
    return User(*row) if row is not None else None


def find(connection: Connection, username: str) -> tuple[User, str] | None:
    """Return the user of a name, with the password's hash."""
    query = select(*_USER, USERS.c.password_hash).where(USERS.c.username == username)
    row = connection.execute(query).one_or_none()
    return (User(*row[:3]), row[3]) if row is not None else None
