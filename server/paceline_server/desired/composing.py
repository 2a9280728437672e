"""What a settings blob says: what its owner set by hand, and under that what is known of its wearers. Pure."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from paceline_protocol.code_tables import SPORTS
from paceline_protocol.integrity import crc16
from paceline_protocol.wrist_settings import GOALS, HEAD_SIZE

from paceline_server.goals.model import Goal
from paceline_server.profile.model import Profile

Fields = dict[str, Any]
OWNER_SLOT = 0
LONGEST_NAME = 12  # bytes of UTF-8
MOST_TARGET = (1 << 30) - 1
_KINDS = {"distance": "distance_m", "time": "time_s", "count": "count", "calories": "kilocalories", "ascent": "climb_m"}
_PERIODS = {"daily": "day", "weekly": "week", "monthly": "month"}
_BODY = {
    "weight_kg": ("weight_hg", 10, 0xFFFF),
    "height_cm": ("height_cm", 1, 0xFF),
    "max_heart_rate_bpm": ("max_heart_rate_bpm", 1, 0xFF),
    "resting_heart_rate_bpm": ("resting_heart_rate_bpm", 1, 0xFF),
}


@dataclass(frozen=True, slots=True)
class Wearer:
    """What the server knows of a person, as the API's fields of a user; `goals` as those of goals.

    `again_at_s` is when that changes by the time alone, None when it does not.
    """

    name: str
    body: Fields = field(default_factory=dict)
    goals: Sequence[Fields] = ()
    again_at_s: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell the wrist."""
        return bool(self.body or self.goals)


def body_fields(profile: Profile, values: Mapping[str, float]) -> Fields:
    """Return what the wrist needs of a body; `values` are those that hold today, by metric. Not known is left out."""
    found: Fields = {}
    if profile.birth_date is not None:
        found["birth_year"] = date.fromisoformat(profile.birth_date).year
    if profile.sex != "unknown":
        found["sex"] = profile.sex
    for metric, (name, factor, most) in _BODY.items():
        if metric in values:
            found[name] = min(round(factor * values[metric]), most)
    return found


def is_daily_steps(goal: Goal) -> bool:
    """Tell whether a goal is what the wrist has as `daily_steps`."""
    return (goal.metric, goal.period) == ("steps", "daily")


def goal_fields(goal: Goal, done: float, until_utc_s: int) -> Fields | None:
    """Return a goal as the wrist has it; None for one that it cannot follow. `until_utc_s` ends the period, 0 never."""
    kind, target = _KINDS.get(goal.metric), round(goal.target_value)
    if kind is None or not 0 < target <= MOST_TARGET or (goal.sport is not None and goal.sport not in SPORTS):
        return None
    found: Fields = {
        "goal": crc16(goal.goal_id.encode()),
        "kind": kind,
        "period": _PERIODS.get(goal.period, "free"),
        "target": target,
        "done": min(int(done), MOST_TARGET),
        "until_utc_s": until_utc_s,
    }
    return found if goal.sport is None else found | {"sport": goal.sport}


def composed(by_hand: Fields, owner: Wearer, others: Mapping[int, Wearer]) -> Fields:
    """Return the settings: by hand, and under that the owner in slot 0 and the others in the slots that are theirs.

    A field that was set by hand holds. Where goals were set by hand none are composed for anybody: what is done of
    them counts from another place in the journal. No users: there is nothing to tell.
    """
    hands = {int(user.get("slot", OWNER_SLOT)): dict(user) for user in by_hand.get("users", [])}
    wearers = dict(others)
    if OWNER_SLOT not in wearers and (OWNER_SLOT in hands or (not hands and (owner.is_known or others))):
        wearers[OWNER_SLOT] = owner
    with_goals = not has_goals(by_hand)
    users: list[Fields] = []
    for slot in sorted(hands.keys() | wearers.keys()):
        user: Fields = {"slot": slot}
        wearer = wearers.get(slot)
        if wearer is not None:
            user |= wearer.body | ({"name": cut_name(wearer.name)} if slot not in hands else {})
            if with_goals and wearer.goals:
                user["goals"] = list(wearer.goals[:GOALS])
        users.append(user | hands.get(slot, {}))
    return by_hand | {"users": users}


def has_goals(fields: Fields) -> bool:
    """Tell whether there are goals in settings."""
    return any(user.get("goals") for user in fields.get("users", []))


def cut_name(name: str) -> str:
    """Return as much of a name as the wrist has place for."""
    return name.encode()[:LONGEST_NAME].decode(errors="ignore")


def counting_from(data: bytes, epoch: int, position: int) -> bytes:
    """Return a settings blob with this place in the journal up to which what is done of the goals counts."""
    head = data[: HEAD_SIZE - 8] + struct.pack("<II", epoch, position)
    body = head + data[HEAD_SIZE:-2]
    return body + struct.pack("<H", crc16(body))


def says_the_same(one: bytes, other: bytes) -> bool:
    """Tell whether two settings blobs say the same: where only the place in the journal differs, nothing was done."""
    return one[: HEAD_SIZE - 8] == other[: HEAD_SIZE - 8] and one[HEAD_SIZE:-2] == other[HEAD_SIZE:-2]
