"""SQL of the e-mail addresses."""

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from paceline_server.addresses.model import EMAIL_ADDRESSES, EMAIL_DIRECTORY, Addresses
from paceline_server.errors import ConflictError

_A, _D = EMAIL_ADDRESSES.c, EMAIL_DIRECTORY.c


def get(connection: Connection, owner_id: str) -> Addresses:
    """Return a user's addresses."""
    row = connection.execute(select(_A.email, _A.waiting).where(_A.owner_id == owner_id)).one_or_none()
    return Addresses(*row) if row is not None else Addresses()


def owner_of(connection: Connection, email: str) -> str | None:
    """Return whose confirmed address this is."""
    return connection.execute(select(_D.owner_id).where(_D.email == as_found(email))).scalar()


def want(connection: Connection, owner_id: str, email: str | None) -> None:
    """Keep the address that is to be confirmed, over one that waits; None: none is."""
    _set(connection, owner_id, waiting=email)


def confirm(connection: Connection, owner_id: str, email: str) -> str | None:
    """Have a waiting address count; return the one that did before. ConflictError when another account has it."""
    before = get(connection, owner_id).email
    _leave(connection, owner_id, before)
    try:
        connection.execute(insert(EMAIL_DIRECTORY).values(email=as_found(email), owner_id=owner_id))
    except IntegrityError as error:
        raise ConflictError("email_taken", "Another account has this address.") from error
    _set(connection, owner_id, email=email, waiting=None)
    return before


def remove(connection: Connection, owner_id: str) -> str | None:
    """Forget both addresses; return the one that counted."""
    before = get(connection, owner_id).email
    _leave(connection, owner_id, before)
    connection.execute(delete(EMAIL_ADDRESSES).where(_A.owner_id == owner_id))
    return before


def as_found(email: str) -> str:
    """Return the form by which an address is found: nearly no mailbox tells its cases apart."""
    return email.strip().casefold()


def _leave(connection: Connection, owner_id: str, email: str | None) -> None:
    if email is not None:
        connection.execute(delete(EMAIL_DIRECTORY).where(_D.email == as_found(email), _D.owner_id == owner_id))


def _set(connection: Connection, owner_id: str, **values: str | None) -> None:
    changed = update(EMAIL_ADDRESSES).where(_A.owner_id == owner_id).values(**values)
    if connection.execute(changed).rowcount == 0:
        connection.execute(insert(EMAIL_ADDRESSES).values(owner_id=owner_id, **values))
