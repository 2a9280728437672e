"""The outbox: one row for each event and handler, written in the transaction of the change, gone when it is handled."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, String, Table, Text, Uuid

from paceline_server.platform.schema import METADATA, SHARED

EVENTS = Table(
    "events",
    METADATA,
    # SQLite numbers a key by itself only where it is called INTEGER.
    Column("event_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False),
    Column("handler", String(32), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("made_at_s", Double, nullable=False),
    Column("due_at_s", Double, nullable=False),  # 0: at once, whatever the clock says
    Column("attempts", Integer, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    Column("request_id", String(36)),  # of the request that caused it, for logs
    Index("events_by_turn", "dead", "due_at_s", "event_id"),
    Index("events_by_subject", "owner_id", "handler", "subject"),
    info={SHARED: "the queue of work: taken by whoever is free"},
)


class AwayError(Exception):
    """Who is needed is not there now, such as another's server: the turn is tried until he is, a day apart at most.

    Its text is logged and must name nobody.
    """


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """What a handler is to look at: all events of one subject are handled in one turn, by one worker at a time."""

    owner_id: str
    handler: str
    subject: str


WorkedOff = Callable[[Turn, float], Awaitable[None]]
"""Has a turn handled; returns when nothing is left of it, or after so many seconds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The events that a turn handles, how often the most tried of them has failed, and for which request it is.

    Of several requests that is the last.
    """

    event_ids: tuple[int, ...]
    attempts: int
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that was tried as often as it may be; it waits for somebody to look."""

    event_id: int
    turn: Turn
    made_at_s: float
    failed_at_s: float
    attempts: int
    error: str
    request_id: str | None
