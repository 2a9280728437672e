"""The tables of letters that wait and of the links in them, and a letter."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA

# A row goes when its letter was sent. Address, text and link are sealed: the database alone opens no account.
LETTERS = Table(
    "letters",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("letter_id", String(36), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at_s", Double, nullable=False),
    Column("expires_at_s", Double, nullable=False),
)

# Links that letters carry: each does one thing, once, within its time.
LINKS = Table(
    "links",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("link_hash", LargeBinary(32), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("about", String(254), nullable=False),
    Column("expires_at_s", Double, nullable=False),
)

CONFIRM, RECOVER = "confirm", "recover"  # purposes; also the path of the page that takes the link
LETTER_LIFETIME_S = 86400.0  # a letter that says what happened is no news later


@dataclass(frozen=True, slots=True)
class Link:
    """A link that has just been made: `token` goes into one letter and is kept nowhere else."""

    owner_id: str
    purpose: str
    about: str
    token: str
    expires_at_s: float


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: plain text; `link` is the address in it that opens something, None where there is none."""

    to: str
    subject: str
    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A letter that waits, sealed."""

    owner_id: str
    letter_id: str
    sealed: bytes
    made_at_s: float
    expires_at_s: float
