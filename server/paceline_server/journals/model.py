"""The journals' tables, and where one stands."""

from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Column, Double, Integer, String, Table, Uuid, text

from paceline_server.platform.schema import METADATA

JOURNALS = Table(
    "journals",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("start_position", BigInteger, nullable=False),
    Column("held_position", BigInteger, nullable=False),
    Column("processed_position", BigInteger, nullable=False),
    Column("resume_position", BigInteger, nullable=False),
    Column("fills", Integer, nullable=False, server_default=text("0")),
    Column("created_at_s", Double, nullable=False),
    Column("updated_at_s", Double, nullable=False),
)

# Bytes that a gateway declared gone for ever, as it never got them; another may bring them yet. From `resume_position`
# the journal is read anew when that happens.
JOURNAL_GAPS = Table(
    "journal_gaps",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("from_position", BigInteger, primary_key=True, autoincrement=False),
    Column("to_position", BigInteger, nullable=False),
    Column("resume_position", BigInteger, nullable=False, server_default=text("0")),
)

# Pages that are held but are not what the wearable wrote, as their seals tell. Nothing is made of them, and other bytes
# are taken in their place; `sha256` is of the bytes that were judged.
JOURNAL_QUARANTINE = Table(
    "journal_quarantine",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("from_position", BigInteger, primary_key=True, autoincrement=False),
    Column("to_position", BigInteger, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("found_at_s", Double, nullable=False),
)

PAGE_SIZE = 4096
_SOURCE = "journal"


@dataclass(frozen=True, slots=True, order=True)
class Quarantined:
    """Whole pages from … to that are not what the wearable wrote, and how that is known."""

    from_position: int
    to_position: int
    reason: str
    sha256: str
    found_at_s: float


@dataclass(frozen=True, slots=True, order=True)
class JournalRef:
    """Which journal: an owner's device, and the epoch."""

    owner_id: str
    device_id: str
    epoch: int

    @property
    def subject(self) -> str:
        """What events call it, beside its owner."""
        return f"{self.device_id}/{self.epoch:08x}"


def ref_of(owner_id: str, subject: str) -> JournalRef:
    """Return the journal that an event names."""
    device_id, _, epoch = subject.partition("/")
    return JournalRef(owner_id, device_id, int(epoch, 16))


@dataclass(frozen=True, slots=True)
class Journal:
    """Where a journal stands; held are the bytes start_position … held_position, but for the gaps declared between.

    `processed_position` is how far activities were made of it; `resume_position` the record from which reading anew
    gives all that may still change; `fills` counts the bytes that came late, for a gap.
    """

    ref: JournalRef
    start_position: int
    held_position: int
    processed_position: int
    resume_position: int
    fills: int = 0
    updated_at_s: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class JournalStanding:
    """Where a journal stands, the ranges (from, to) that were declared gone, and what is in quarantine."""

    journal: Journal
    gaps: list[tuple[int, int]]
    quarantined: list[Quarantined]


def journal_of(owner_id: str, source_key: str) -> JournalRef | None:
    """Return the journal that a source names, None when the source is none."""
    match source_key.split(":"):
        case [kind, device_id, epoch, _session] if kind == _SOURCE:
            return JournalRef(owner_id, device_id, int(epoch, 16))
        case _:
            return None
