"""What the API for operators takes and gives."""

from typing import Annotated

from msgspec import Meta, Struct

from paceline_server.platform.openapi.pages import PageQuery, PageShown
from paceline_server.platform.openapi.parameters import Utc

MOST_AT_ONCE = 1000
_EventIds = Annotated[list[Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]], Meta(max_length=MOST_AT_ONCE)]


class DeadQuery(PageQuery, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: Annotated[int, Meta(ge=1, le=MOST_AT_ONCE)] = 50


class DeadLetter(Struct):
    """An event that failed for good; whose it is is not told."""

    event_id: int
    handler: str
    made_at: Utc
    attempts: int
    error: str
    request_id: str | None


class DeadLetters(PageShown):
    """The events that failed for good, and how many there are."""

    events: list[DeadLetter]
    total: int


class Settling(Struct, forbid_unknown_fields=True):
    """What to try again and what to drop."""

    retry: _EventIds = []
    drop: _EventIds = []


class Settled(Struct):
    """How many of them there were."""

    retried: int
    dropped: int


class Status(Struct, omit_defaults=True):
    """How the server is; `message` says why it is not ready, `warnings` what is going to hinder."""

    status: str
    message: str = ""
    warnings: list[str] = []
