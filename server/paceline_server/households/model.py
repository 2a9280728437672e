"""The households' tables, and who wears a slot.

A household is its host's: who made it. What concerns two people has a row for each, led by the one whose it is; both
are written in one transaction.
"""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Double, Index, Integer, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA, SHARED

HOUSEHOLDS = Table(
    "households",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("made_at_s", Double, nullable=False),
)

# A host's members.
HOUSEHOLD_MEMBERS = Table(
    "household_members",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("member_id", String(36), primary_key=True),
    Column("joined_at_s", Double, nullable=False),
)

# A member's hosts.
MEMBERSHIPS = Table(
    "memberships",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("host_id", String(36), primary_key=True),
    Column("joined_at_s", Double, nullable=False),
)

HOUSEHOLD_INVITATIONS = Table(
    "household_invitations",
    METADATA,
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("host_id", String(36), nullable=False),
    Column("expires_at_s", Double, nullable=False),
    Index("household_invitations_by_host", "host_id"),
    info={SHARED: "found by a code that whoever is invited holds"},
)

# Whose a slot of an owner's wearable is: of a person who took it, from when until when. It outlives that account,
# as what was recorded in that time is nobody else's.
WRIST_SLOTS = Table(
    "wrist_slots",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("from_utc_s", Double, primary_key=True),
    Column("person_id", String(36), nullable=False),
    Column("until_utc_s", Double),
    Column("accepted", Boolean, nullable=False),
)

# A person's slots of others' wearables: offered, or taken.
WORN_SLOTS = Table(
    "worn_slots",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("host_id", String(36), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("since_s", Double, nullable=False),
    Column("accepted", Boolean, nullable=False),
)

MOST = 32
"""Members of a household, households of a member, and invitations that wait: lists of them are read whole."""
SLOTS = 8  # of a wearable (docs/WRIST.md)


@dataclass(frozen=True, slots=True)
class SlotTerm:
    """A slot of an owner's wearable is a person's from … until (None: still); offered only, until it is accepted."""

    slot: int
    from_utc_s: float
    person_id: str
    until_utc_s: float | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class WornSlot:
    """A slot of a host's wearable, as the person sees it to whom it was offered."""

    host_id: str
    device_id: str
    slot: int
    since_s: float
    accepted: bool


def wearer(terms: list[SlotTerm], slot: int, utc_s: float) -> str | None:
    """Return whose a slot was at a time; None: nobody had taken it, so that it was the owner's of the wearable."""
    for term in terms:
        until_s = term.until_utc_s
        if term.slot == slot and term.accepted and term.from_utc_s <= utc_s and (until_s is None or utc_s < until_s):
            return term.person_id
    return None
