"""What the request at hand adds to its writes: it runs first in each of their transactions (idempotency/)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from sqlalchemy import Connection

from paceline_server.platform.request_ids import done_for, request_id

T = TypeVar("T")
First = Callable[[Connection], None]

_FIRST: ContextVar[First | None] = ContextVar("first_in_writes", default=None)


@contextmanager
def first_in_writes(first: First) -> Iterator[None]:
    """Have `first` run in the transactions of what is written in this context until the block ends."""
    token = _FIRST.set(first)
    try:
        yield
    finally:
        _FIRST.reset(token)


@contextmanager
def nothing_first() -> Iterator[None]:
    """Let writes be durable by themselves until the block ends: counts of attempts are none of a request's effects."""
    token = _FIRST.set(None)
    try:
        yield
    finally:
        _FIRST.reset(token)


def led(run: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """Return a write with what comes first in it, and for which request it is done, as the context says now."""
    first, cause = _FIRST.get(), request_id()
    if first is None and cause is None:
        return run

    def both(connection: Connection) -> T:
        with done_for(cause):
            if first is not None:
                first(connection)
            return run(connection)

    return both
