"""SQL of the e-mail addresses."""

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from paceline_server.addresses.model import EMAIL_ADDRESSES, EMAIL_DIRECTORY, Addresses
from paceline_server.errors import ConflictError
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.turns import alone

_A, _D = EMAIL_ADDRESSES.c, EMAIL_DIRECTORY.c


def get(connection: Connection, owner_id: str) -> Addresses:
    """Return a user's addresses."""
    row = connection.execute(select(_A.email, _A.waiting).where(_A.owner_id == owner_id)).one_or_none()
    return Addresses(*row) if row is not None else Addresses()


def owner_of(connection: Connection, email: str) -> str | None:
    """Return whose confirmed address this is."""
    return connection.execute(select(_D.owner_id).where(_D.email == as_found(email))).scalar()


def want(connection: Connection, owner_id: str, email: str | None, condition: Condition = ANY) -> None:
    """Keep the address that is to be confirmed, over one that waits; None: none is. PreconditionError as demanded."""
    _demand(connection, owner_id, condition)
    _set(connection, owner_id, waiting=email)


def confirm(connection: Connection, owner_id: str, email: str) -> str | None:
    """Have a waiting address count; return the one that did before. ConflictError when another account has it."""
    alone(connection, owner_id, "email")
    before = get(connection, owner_id).email
    _leave(connection, owner_id, before)
    try:
        connection.execute(insert(EMAIL_DIRECTORY).values(email=as_found(email), owner_id=owner_id))
    except IntegrityError as error:
        raise ConflictError("email_taken", "Another account has this address.") from error
    _set(connection, owner_id, email=email, waiting=None)
    return before


def remove(connection: Connection, owner_id: str, condition: Condition = ANY) -> str | None:
    """Forget both addresses; return the one that counted. PreconditionError when they are not what is demanded."""
    _demand(connection, owner_id, condition)
    before = get(connection, owner_id).email
    _leave(connection, owner_id, before)
    connection.execute(delete(EMAIL_ADDRESSES).where(_A.owner_id == owner_id))
    return before


def as_found(email: str) -> str:
    """Return the form by which an address is found: nearly no mailbox tells its cases apart."""
    return email.strip().casefold()


def _demand(connection: Connection, owner_id: str, condition: Condition) -> None:
    alone(connection, owner_id, "email")
    condition.demand(tag_of(get(connection, owner_id)))


def _leave(connection: Connection, owner_id: str, email: str | None) -> None:
    if email is not None:
        connection.execute(delete(EMAIL_DIRECTORY).where(_D.email == as_found(email), _D.owner_id == owner_id))


def _set(connection: Connection, owner_id: str, **values: str | None) -> None:
    changed = update(EMAIL_ADDRESSES).where(_A.owner_id == owner_id).values(**values)
    if connection.execute(changed).rowcount == 0:
        connection.execute(insert(EMAIL_ADDRESSES).values(owner_id=owner_id, **values))
