"""The id of the request at hand, from the edge through the database into what its events cause, for logs and spans."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)


def request_id() -> str | None:
    """Return the id of the request that this is done for, None when it is done for none."""
    return _REQUEST_ID.get()


@contextmanager
def done_for(cause: str | None) -> Iterator[None]:
    """Let what is done in this context, until the block ends, be done for the request of this id."""
    token = _REQUEST_ID.set(cause)
    try:
        yield
    finally:
        _REQUEST_ID.reset(token)


def note(record: logging.LogRecord) -> bool:
    """Add the id to a record of a log, as a filter; a record that says one keeps it."""
    cause = request_id()
    if cause is not None:
        record.fields = {"request_id": cause} | getattr(record, "fields", {})
    return True
