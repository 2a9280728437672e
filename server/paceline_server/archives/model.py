"""The tables of archives that are read: how far one is, and who took over the ids of which."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Boolean, Column, Double, String, Table, Text, Uuid

from paceline_server.platform.schema import METADATA, SHARED
from paceline_server.words.speech import N_

SENT = "sent"  # here whole, not looked at yet
TAKING = "taking"  # looked at; rows and files are put in their places
TAKEN = "taken"
REFUSED = "refused"
FAILED_FOR_GOOD = N_("The server could not read it or keep what is in it, and has given up. Send it again.")

# The archive that a user sent last. `digest` is of the manifest of the one that was taken, so that it is no-op again.
ARCHIVES = Table(
    "archives",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("staged", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("renewed", Boolean, nullable=False),
    Column("total_rows", BigInteger, nullable=False),
    Column("taken_rows", BigInteger, nullable=False),
    Column("sent_at_s", Double, nullable=False),
)

# Two accounts may read one archive: the first keeps the ids of its activities, which are known to others by their id.
ARCHIVE_ORIGINS = Table(
    "archive_origins",
    METADATA,
    Column("origin_id", Uuid(as_uuid=False), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False, index=True),
    info={SHARED: "a directory: who keeps the ids of an archive is found by whose it was"},
)


@dataclass(frozen=True, slots=True)
class ArchiveRead:
    """How far an archive is; `staged` names its file, `reason` says why it was refused, in a sentence."""

    owner_id: str
    state: str
    staged: str
    reason: str = ""
    digest: str = ""
    renewed: bool = False
    total_rows: int = 0
    taken_rows: int = 0
    sent_at_s: float = 0.0

    @property
    def whole(self) -> bool:
        """Tell whether all of the archive of the digest is here."""
        return self.taken_rows == self.total_rows

    @property
    def at_work(self) -> bool:
        """Tell whether it is still being read."""
        return self.state in (SENT, TAKING)
