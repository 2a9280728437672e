"""The table of invitations, and one of them."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, Index, LargeBinary, Table, Uuid

from paceline_server.platform.schema import METADATA, SHARED

INVITATIONS = Table(
    "invitations",
    METADATA,
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("made_by", Uuid(as_uuid=False)),
    Column("expires_at_s", Double, nullable=False),
    Index("invitations_by_expiry", "expires_at_s"),
    info={SHARED: "for people who have no account yet"},
)

OPEN, INVITE, CLOSED = "open", "invite", "closed"
MODES = (OPEN, INVITE, CLOSED)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that has just been made: the code goes to a person and is kept nowhere."""

    code: str
    expires_at_s: float
