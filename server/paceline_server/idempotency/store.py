"""SQL of the keys. Every statement names the owner."""

from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import KEYS_AGED
from paceline_server.idempotency.model import IDEMPOTENCY_KEYS, Attempt, Kept
from paceline_server.users import store as users

KEPT_S = 86400.0
_K = IDEMPOTENCY_KEYS.c


def find(connection: Connection, owner_id: str, key_hash: bytes, now_s: float) -> Kept | None:
    """Return what is known of a key within its time."""
    query = select(_K.fingerprint, _K.made_at_s, _K.answer).where(_K.owner_id == owner_id, _K.key_hash == key_hash)
    row = connection.execute(query.where(_K.made_at_s > now_s - KEPT_S)).one_or_none()
    return Kept(*row) if row is not None else None


def claim(connection: Connection, attempt: Attempt) -> None:
    """Give the key to this request, in the transaction of what it writes; ConflictError when another one has it.

    On PostgreSQL this waits for the end of a transaction that is about to take the key.
    """
    sweep(connection, attempt.owner_id, attempt.made_at_s)
    if _insert(connection, attempt, None):
        return
    query = select(_K.attempt).where(_is(attempt.owner_id, attempt.key_hash))
    if connection.execute(query).scalar_one_or_none() != attempt.attempt:
        raise in_use()


def keep(connection: Connection, attempt: Attempt, answer: bytes, *, wrote: bool) -> None:
    """Keep the answer. One that `wrote` and has no row left has deleted its own account: nothing is kept of it."""
    changed = connection.execute(update(IDEMPOTENCY_KEYS).where(_is_of(attempt)).values(answer=answer))
    if changed.rowcount == 0 and not wrote:
        _insert(connection, attempt, answer)


def forget(connection: Connection, attempt: Attempt) -> None:
    """Take the key back from a request that was refused."""
    connection.execute(delete(IDEMPOTENCY_KEYS).where(_is_of(attempt)))


def sweep(connection: Connection, owner_id: str, now_s: float) -> None:
    """Forget the keys of an owner that are too old."""
    old = and_(_K.owner_id == owner_id, _K.made_at_s <= now_s - KEPT_S)
    connection.execute(delete(IDEMPOTENCY_KEYS).where(old))


def sweep_on(connection: Connection, owner_id: str, now_s: float) -> None:
    """Do as sweep, and see to the rest when it is old."""
    sweep(connection, owner_id, now_s)
    if _any(connection, owner_id):
        events.emit(connection, KEYS_AGED, owner_id, "", now_s, delay_s=KEPT_S)


def everybody(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, "") of everybody."""
    for user in users.everybody(connection):
        yield user.owner_id, ""


def in_use() -> ConflictError:
    """Return the refusal of a key whose request is under way."""
    told = "A request with this Idempotency-Key is under way; ask again in a second."
    return ConflictError("idempotency_key_in_use", told, retry_after_s=1)


def _insert(connection: Connection, attempt: Attempt, answer: bytes | None) -> bool:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    first = not _any(connection, attempt.owner_id)
    row = dialect.insert(IDEMPOTENCY_KEYS).values(**asdict(attempt), answer=answer).on_conflict_do_nothing()
    if connection.execute(row).rowcount != 1:
        return False
    if first:
        events.emit(connection, KEYS_AGED, attempt.owner_id, "", attempt.made_at_s, delay_s=KEPT_S)
    return True


def _any(connection: Connection, owner_id: str) -> bool:
    return connection.execute(select(_K.made_at_s).where(_K.owner_id == owner_id).limit(1)).first() is not None


def _is(owner_id: str, key_hash: bytes) -> ColumnElement[bool]:
    return and_(_K.owner_id == owner_id, _K.key_hash == key_hash)


def _is_of(attempt: Attempt) -> ColumnElement[bool]:
    return and_(_is(attempt.owner_id, attempt.key_hash), _K.attempt == attempt.attempt)
