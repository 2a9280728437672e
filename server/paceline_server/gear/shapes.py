"""What the API of the gear takes and gives."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Day, Utc, Uuid

Kind = Literal["shoes", "bike", "part", "other"]
Name = Annotated[str, Meta(min_length=1, max_length=100, examples=["Blue shoes"])]
Metres = Annotated[float, Meta(ge=0, le=1e9, examples=[120000])]
Seconds = Annotated[float, Meta(ge=0, le=1e9)]
DistanceLimit = Annotated[float, Meta(gt=0, le=1e9, examples=[800000], description="Then it is worn out.")]
TimeLimit = Annotated[float, Meta(gt=0, le=1e9)]
Sport = Annotated[str, Meta(min_length=1, max_length=32, examples=["running"])]


class NewGear(Struct, forbid_unknown_fields=True):
    """A piece of gear; a `part` of a bike counts what the bike does while it is used."""

    kind: Kind
    name: Name
    part_of: Uuid | None = None
    used_from: date | None = None
    retired_on: date | None = None
    initial_distance_m: Metres = 0
    initial_time_s: Seconds = 0
    distance_limit_m: DistanceLimit | None = None
    time_limit_s: TimeLimit | None = None
    client_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class GearChange(Struct, forbid_unknown_fields=True):
    """What is to be changed; null takes back."""

    name: Name | UnsetType = UNSET
    part_of: Uuid | UnsetType | None = UNSET
    used_from: date | UnsetType | None = UNSET
    retired_on: date | UnsetType | None = UNSET
    initial_distance_m: Metres | UnsetType = UNSET
    initial_time_s: Seconds | UnsetType = UNSET
    distance_limit_m: DistanceLimit | UnsetType | None = UNSET
    time_limit_s: TimeLimit | UnsetType | None = UNSET


class GearShown(Struct):
    """A piece of gear and what it did; `worn` is the part of the nearest limit that is used up."""

    gear_id: Uuid
    kind: Kind
    name: str
    part_of: Uuid | None
    used_from: Day | None
    retired_on: Day | None
    initial_distance_m: float
    initial_time_s: float
    distance_limit_m: float | None
    time_limit_s: float | None
    activities: int
    distance_m: Annotated[float, Meta(description="With what it had done before.")]
    time_s: float
    worn: float | None
    warned_at: Utc | None
    created_at: Utc


class UsualGear(Struct, forbid_unknown_fields=True):
    """The gear of a sport's activities from a day on; null: none any more."""

    sport: Sport
    first_day: date = field(name="from")
    gear_id: Uuid | None = None


class UsualShown(Struct):
    """The gear of a sport's activities from a day on; null: none any more."""

    sport: str
    first_day: Day = field(name="from")
    gear_id: Uuid | None


class GearList(PageShown):
    """Gear, in the order in which it was added, and what is usual for sports."""

    gear: list[GearShown]
    usual: list[UsualShown]


class UsualList(Struct, forbid_unknown_fields=True):
    """All that is usual."""

    usual: Annotated[list[UsualGear], Meta(max_length=200)]


class UsualShownList(Struct):
    """All that is usual."""

    usual: list[UsualShown]


class GearChoice(Struct, forbid_unknown_fields=True):
    """Activities, and the gear that they were done with: [] for none, null for the usual one."""

    activity_ids: Annotated[list[Uuid], Meta(min_length=1, max_length=500)]
    gear_ids: Annotated[list[Uuid], Meta(max_length=10)] | None


class GearOfActivity(Struct):
    """The gear of an activity; `chosen` is false where it is the usual one."""

    gear_ids: list[Uuid]
    chosen: bool
