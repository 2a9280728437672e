"""The tables of duplicates: what was said of pairs of activities, and the groups that are shown as one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Double, Index, String, Table, Uuid

from paceline_server.analysis.same_workout import Same
from paceline_server.platform.schema import METADATA

RULE, OWNER = "rule", "owner"  # who said it

# Two activities that share time, the lesser id first. What the owner said is not said again by the rule.
ACTIVITY_PAIRS = Table(
    "activity_pairs",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("one_id", Uuid(as_uuid=False), primary_key=True),
    Column("other_id", Uuid(as_uuid=False), primary_key=True),
    Column("same", String(8), nullable=False),
    Column("said_by", String(8), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("stamp", String(64), nullable=False),  # of what was compared: with another one it is compared anew
    Index("activity_pairs_by_other", "owner_id", "other_id"),
)

# Activities that are one workout: one is shown and counted, the others stand behind it (activities.behind).
ACTIVITY_GROUPS = Table(
    "activity_groups",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("group_id", Uuid(as_uuid=False), primary_key=True),
    Column("shown_id", Uuid(as_uuid=False), nullable=False),
    Column("merged", Boolean, nullable=False),  # the one shown was put together of the others
    Column("choices", JSON, nullable=False),  # stream → the activity that its owner wants it from
    Column("used", JSON, nullable=False),
    Column("made_of", String(64), nullable=False),  # stands for all that it was made of
    Column("updated_at_s", Double, nullable=False),
    Index("activity_groups_by_shown", "owner_id", "shown_id", unique=True),
)

MERGED = "merged:"  # and the group's id: the source of an activity that was put together


@dataclass(frozen=True, slots=True)
class Pair:
    """What was said of two activities, and by whom: RULE or OWNER."""

    one_id: str
    other_id: str
    same: Same
    said_by: str
    reasons: tuple[str, ...] = ()
    stamp: str = ""

    def partner_of(self, activity_id: str) -> str:
        """Return the other one."""
        return self.other_id if activity_id == self.one_id else self.one_id


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it stands; see ACTIVITY_GROUPS."""

    group_id: str
    shown_id: str
    merged: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    used: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    made_of: str = ""


def pair_of(
    one_id: str, other_id: str, same: Same, said_by: str, reasons: tuple[str, ...] = (), stamp: str = ""
) -> Pair:
    """Return the pair of two different activities, in whatever order they are given."""
    return Pair(min(one_id, other_id), max(one_id, other_id), same, said_by, reasons, stamp)
