"""The tables of notices and of what somebody wants to be told, and what these are."""

from dataclasses import dataclass, field

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from paceline_server.platform.schema import METADATA
from paceline_server.words.speech import N_

# A row stays when its notice is deleted, or was never shown, without its words: nobody is told twice.
NOTICES = Table(
    "notices",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("notice_id", Uuid(as_uuid=False), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("link", String(200), nullable=False),
    Column("made_at_s", Double, nullable=False),
    Column("read_at_s", Double),
    Column("shown", Boolean, nullable=False),
    Column("mail", String(8), nullable=False, server_default=text("''")),  # DUE or DIGEST until its letter is written
    Column("wrist_number", BigInteger),  # of the wearer's notices, 0 until it goes out, None for not on the wrist
    UniqueConstraint("owner_id", "kind", "subject"),
    Index("notices_by_time", "owner_id", "shown", "made_at_s", "notice_id"),
    Index("notices_unread", "owner_id", "read_at_s"),
    Index("notices_by_mail", "owner_id", "mail"),
    Index("notices_on_wrist", "owner_id", "wrist_number"),
)

# When somebody wants to be told; times of day are minutes since midnight, None for not at all. No row: as usual.
NOTICE_RULES = Table(
    "notice_rules",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("quiet_from_min", Integer),
    Column("quiet_to_min", Integer),
    Column("reminder_min", Integer),
    Column("reminder_weekdays", Integer, nullable=False),
    Column("digest_min", Integer),
    Column("inactive_days", Integer),
    Column("unsynced_h", Integer),
)

# What is switched otherwise than usual.
NOTICE_SWITCHES = Table(
    "notice_switches",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("channel", String(8), primary_key=True),
    Column("switched_on", Boolean, nullable=False),
)

GOAL, BEST, GEAR, MILESTONE = "goal", "best", "gear", "milestone"
REMINDER, INACTIVE, UNSYNCED = "reminder", "inactive", "unsynced"
IMPORT, ACHIEVEMENT, RECOMMENDATION = "import", "achievement", "recommendation"
PASSED_ON = "passed_on"
KINDS = {
    GOAL: N_("A goal is reached"),
    BEST: N_("A personal best"),
    MILESTONE: N_("A milestone of steps or totals"),
    ACHIEVEMENT: N_("An achievement"),
    RECOMMENDATION: N_("Advice for the next days"),
    GEAR: N_("Gear is worn out"),
    REMINDER: N_("Your reminder to move"),
    INACTIVE: N_("No workout for days"),
    UNSYNCED: N_("A wearable was not synced"),
    IMPORT: N_("An import is done"),
    PASSED_ON: N_("A wearable that you pass on is taken"),
}
"""Kind → what people read of it."""
LONGEST_TEXT = 1000
INBOX, MAIL, PUSH, WRIST = "inbox", "mail", "push", "wearable"
CHANNELS = {INBOX: True, MAIL: False, PUSH: True, WRIST: True}
"""Channel → whether it is usually on."""
DUE, DIGEST = "due", "digest"
WORN_S = 86_400.0  # what was told so long ago no wearable shows any more
EVERY_DAY = 0b111_1111  # bit 0 is Monday


@dataclass(frozen=True, slots=True)
class Tale:
    """What is to be told: of a kind and a subject once for ever; `link` is a path of ours, "" for none."""

    kind: str
    subject: str
    title: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What was told."""

    notice_id: str
    kind: str
    title: str
    text: str
    link: str
    made_at_s: float
    read_at_s: float | None


@dataclass(frozen=True, slots=True)
class WristNotice:
    """What is told on the wrist; `number` is from 1, greater for each later one, about the second it went out."""

    number: int
    kind: str
    title: str
    text: str
    made_at_s: float


@dataclass(frozen=True, slots=True)
class Rules:
    """When somebody wants to be told, and by what; `switches` are (kind, channel) → on, where that is not as usual.

    Times are minutes since the midnight of the owner's day; quiet hours go from one to another, over midnight if the
    second is the smaller. `reminder_weekdays` has bit 0 for Monday.
    """

    quiet_from_min: int | None = None
    quiet_to_min: int | None = None
    reminder_min: int | None = None
    reminder_weekdays: int = EVERY_DAY
    digest_min: int | None = None
    inactive_days: int | None = 7
    unsynced_h: int | None = 48
    switches: dict[tuple[str, str], bool] = field(default_factory=dict)

    def tells(self, kind: str, channel: str) -> bool:
        """Say whether a channel carries a kind."""
        return self.switches.get((kind, channel), CHANNELS[channel])
