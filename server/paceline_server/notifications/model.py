"""The table of notices, and what one is."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Double, Index, String, Table, Text, UniqueConstraint, Uuid

from paceline_server.platform.schema import METADATA

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
    UniqueConstraint("owner_id", "kind", "subject"),
    Index("notices_by_time", "owner_id", "shown", "made_at_s", "notice_id"),
    Index("notices_unread", "owner_id", "read_at_s"),
)

GOAL, BEST, GEAR, MILESTONE = "goal", "best", "gear", "milestone"
REMINDER, INACTIVE, UNSYNCED = "reminder", "inactive", "unsynced"
IMPORT, ACHIEVEMENT, RECOMMENDATION = "import", "achievement", "recommendation"
KINDS = {
    GOAL: "A goal is reached",
    BEST: "A personal best",
    MILESTONE: "A milestone: steps of a day, kilometres and workouts in all",
    ACHIEVEMENT: "An achievement",
    RECOMMENDATION: "Advice for the next days",
    GEAR: "Gear is worn out",
    REMINDER: "The reminder at the hour that you chose",
    INACTIVE: "No workout for days",
    UNSYNCED: "A wearable was not synced",
    IMPORT: "An import is done",
}
"""Kind → what people read of it."""
LONGEST_TEXT = 1000


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
