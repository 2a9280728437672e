"""SQL of the outbox."""

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from paceline_server.events.declared import HANDLERS, NAMES
from paceline_server.events.model import EVENTS, Claim, DeadLetter, Turn
from paceline_server.platform.paging import Page, paged
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.request_ids import request_id

CANDIDATES = 256
CLAIMED = 500  # events handled in one turn; more of the same subject are the next one
LONGEST_ERROR = 2000
_LOCK = select(func.pg_try_advisory_xact_lock(bindparam("number", type_=BigInteger)))
_ADD = Prepared(insert(EVENTS))
_CLAIM = Prepared(
    select(EVENTS.c.event_id, EVENTS.c.attempts, EVENTS.c.request_id)
    .where(EVENTS.c.owner_id == bindparam("owner"), EVENTS.c.handler == bindparam("its_handler"))
    .where(EVENTS.c.subject == bindparam("its_subject"))
    .limit(CLAIMED)
    .with_for_update(skip_locked=True)
)
_DONE = Prepared(delete(EVENTS).where(EVENTS.c.event_id == bindparam("event")))
_FORGET = Prepared(
    delete(EVENTS)
    .where(EVENTS.c.owner_id == bindparam("owner"), EVENTS.c.handler == bindparam("its_handler"))
    .where(EVENTS.c.subject == bindparam("its_subject"))
)
_PENDING = Prepared(
    select(EVENTS.c.event_id)
    .where(EVENTS.c.owner_id == bindparam("owner"), EVENTS.c.handler == bindparam("its_handler"))
    .where(EVENTS.c.subject == bindparam("its_subject"), EVENTS.c.dead.is_(False))
    .limit(1)
)


def emit(connection: Connection, kind: str, owner_id: str, subject: str, now_s: float, *, delay_s: float = 0.0) -> None:
    """Tell every handler of this kind, in the transaction of what happened, not before the delay is over."""
    add(connection, (Turn(owner_id, one.name, subject) for one in HANDLERS if kind in one.kinds), now_s, delay_s)


def add(connection: Connection, turns: Iterable[Turn], now_s: float, delay_s: float = 0.0) -> int:
    """Have handlers look at subjects; return how many."""
    fresh = {
        "made_at_s": now_s,
        "due_at_s": now_s + delay_s if delay_s else 0.0,
        "attempts": 0,
        "dead": False,
        "error": "",
        "request_id": request_id(),
    }
    rows = [{"owner_id": turn.owner_id, "handler": turn.handler, "subject": turn.subject} | fresh for turn in turns]
    _ADD.change_each(connection, rows)
    return len(rows)


def due(connection: Connection, now_s: float, handlers: Iterable[str] = NAMES, most: int = CANDIDATES) -> list[Turn]:
    """Return turns of these handlers that are due, those due the longest first; one may be there several times.

    Fewer than `most` are all that there are.
    """
    return [Turn(*row) for row in _due_of(frozenset(handlers)).rows(connection, now=now_s, most=most)]


def is_pending(connection: Connection, turn: Turn) -> bool:
    """Tell whether a turn is still to be handled."""
    return _PENDING.row(connection, **_named(turn)) is not None


def has_failed(connection: Connection, turn: Turn) -> bool:
    """Tell whether a turn is given up: nothing of it is still tried."""
    query = select(EVENTS.c.dead).where(_is(turn))
    return set(connection.execute(query).scalars()) == {True}


def let_go(connection: Connection, turn: Turn) -> None:
    """Drop what is given up of a turn, as it begins anew."""
    connection.execute(delete(EVENTS).where(_is(turn), EVENTS.c.dead.is_(True)))


def claim(connection: Connection, turn: Turn) -> Claim | None:
    """Take the turn until the transaction ends; None when another worker has it, or nothing is left of it.

    An event that comes while the turn is handled is not among those claimed, so that it gets a turn of its own. The
    dead ones are: who brings the subject up to date makes them good, too.
    """
    if not _alone(connection, turn):
        return None
    rows = _CLAIM.rows(connection, **_named(turn))
    if not rows:
        return None
    _, cause = max(((row.event_id, row.request_id) for row in rows if row.request_id is not None), default=(0, None))
    return Claim(tuple(row.event_id for row in rows), max(row.attempts for row in rows), cause)


def done(connection: Connection, event_ids: tuple[int, ...]) -> None:
    """Forget events that were handled."""
    _DONE.change_each(connection, [{"event": event_id} for event_id in event_ids])


def forget(connection: Connection, turn: Turn) -> None:
    """Forget all events of a turn that nobody has claimed, as there is nothing to look at any more."""
    _FORGET.change(connection, **_named(turn))


def failed(
    connection: Connection, event_ids: tuple[int, ...], attempts: int, due_at_s: float, error: str, dead: bool
) -> None:
    """Keep one of the events for another try, or as a dead letter; the others say the same."""
    first, *others = sorted(event_ids)
    done(connection, tuple(others))
    # PostgreSQL keeps no NUL in a text.
    said = error.replace("\0", "\N{REPLACEMENT CHARACTER}")[:LONGEST_ERROR]
    values = {"attempts": attempts, "due_at_s": due_at_s, "dead": dead, "error": said}
    connection.execute(update(EVENTS).where(EVENTS.c.event_id == first).values(**values))


def dead(connection: Connection, page: Page) -> list[DeadLetter]:
    """Return a page of the dead letters, those that failed first before the others, and one more if there is another.

    InvalidError when the cursor cannot be of such a list.
    """
    query = select(EVENTS).where(EVENTS.c.dead.is_(True))
    rows = connection.execute(paged(query, (EVENTS.c.due_at_s, EVENTS.c.event_id), page, descending=False))
    return [_letter(row) for row in rows]


def revive(connection: Connection, event_id: int) -> bool:
    """Try a dead letter again, from the first attempt; False when there is no such one."""
    values = {"dead": False, "attempts": 0, "due_at_s": 0.0}
    found = connection.execute(update(EVENTS).where(_is_dead(event_id)).values(**values))
    return found.rowcount == 1


def discard(connection: Connection, event_id: int) -> bool:
    """Drop a dead letter; False when there is no such one. A back-fill finds its subject again."""
    return connection.execute(delete(EVENTS).where(_is_dead(event_id))).rowcount == 1


def waiting(connection: Connection, now_s: float) -> tuple[int, float | None]:
    """Return how many events are due, and since when the first of them is."""
    since = case((EVENTS.c.due_at_s > 0, EVENTS.c.due_at_s), else_=EVENTS.c.made_at_s)
    query = select(func.count(), func.min(since)).where(EVENTS.c.dead.is_(False), EVENTS.c.due_at_s <= now_s)
    count, since_s = connection.execute(query).one()
    return count, since_s


def count_dead(connection: Connection) -> int:
    """Return how many dead letters there are."""
    query = select(func.count()).select_from(EVENTS).where(EVENTS.c.dead.is_(True))
    return connection.execute(query).scalar_one()


def _letter(row: Any) -> DeadLetter:
    turn = Turn(row.owner_id, row.handler, row.subject)
    return DeadLetter(row.event_id, turn, row.made_at_s, row.due_at_s, row.attempts, row.error, row.request_id)


def _alone(connection: Connection, turn: Turn) -> bool:
    """Hold a turn against other processes until the transaction ends; False when one of them does."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(_LOCK, {"number": _lock_number(turn)}).scalar_one())


@cache
def _due_of(handlers: frozenset[str]) -> Prepared:
    return Prepared(
        select(EVENTS.c.owner_id, EVENTS.c.handler, EVENTS.c.subject)
        .where(EVENTS.c.dead.is_(False), EVENTS.c.due_at_s <= bindparam("now"))
        .where(EVENTS.c.handler.in_([literal(name) for name in sorted(handlers)]))
        .order_by(EVENTS.c.due_at_s, EVENTS.c.event_id)
        .limit(bindparam("most"))
    )


def _named(turn: Turn) -> dict[str, str]:
    return {"owner": turn.owner_id, "its_handler": turn.handler, "its_subject": turn.subject}


def _is(turn: Turn) -> ColumnElement[bool]:
    table = EVENTS.c
    return and_(table.owner_id == turn.owner_id, table.handler == turn.handler, table.subject == turn.subject)


def _is_dead(event_id: int) -> ColumnElement[bool]:
    return and_(EVENTS.c.event_id == event_id, EVENTS.c.dead.is_(True))


def _lock_number(turn: Turn) -> int:
    text = "\0".join((turn.owner_id, turn.handler, turn.subject))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)
