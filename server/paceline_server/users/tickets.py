"""Tickets of log-ins that wait for a second factor: sealed, so that any process can read them and nobody make one."""

import base64
import binascii
from dataclasses import dataclass

import orjson

from paceline_server.platform.schema import DatabaseError
from paceline_server.platform.sealing import Sealer

LIFETIME_S = 300
LONGEST = 400
_OWNER = "log-in ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Says that the first factor was given: by whom, until when it holds, and what it is bound to (the password)."""

    owner_id: str
    until_s: float
    bound: str


def sealed(ticket: Ticket, sealer: Sealer) -> str:
    """Return the ticket as text."""
    held = orjson.dumps([ticket.owner_id, ticket.until_s, ticket.bound])
    return base64.urlsafe_b64encode(sealer.seal(held, _OWNER)).decode()


def opened(text: str, sealer: Sealer, now_s: float) -> Ticket | None:
    """Return the ticket of a text; None when it is none, or holds no more."""
    try:
        ticket = Ticket(*orjson.loads(sealer.open(base64.b64decode(text, b"-_", validate=True), _OWNER)))
    except (DatabaseError, binascii.Error, ValueError):
        return None
    return ticket if ticket.until_s > now_s else None
