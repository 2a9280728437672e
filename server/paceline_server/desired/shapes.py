"""What the API of what should be on wearables takes and gives; fields as docs/WRIST.md names them."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from paceline_server.platform.openapi.parameters import Utc

U8 = Annotated[int, Meta(ge=0, le=0xFF)]
U16 = Annotated[int, Meta(ge=0, le=0xFFFF)]
U32 = Annotated[int, Meta(ge=0, le=0xFFFFFFFF)]
Sport = Literal["other", "running", "walking", "hiking", "cycling", "swimming", "strength", "indoor"]


class BlobRow(Struct):
    """A blob that a wearable should hold."""

    kind: Literal["settings", "plan", "gps assistance", "firmware", "notices"]
    version: int
    size: int
    sha256: str


class BlobRows(Struct):
    """What a wearable should hold."""

    blobs: list[BlobRow]


class Goal(Struct, forbid_unknown_fields=True):
    """A goal on the wrist; without a sport any counts."""

    kind: Literal["none", "distance_m", "time_s", "count", "steps", "kilocalories", "climb_m"] | UnsetType = UNSET
    goal: U16 | UnsetType = UNSET
    period: Literal["free", "day", "week", "month"] | UnsetType = UNSET
    sport: Sport | UnsetType = UNSET
    target: U32 | UnsetType = UNSET
    done: U32 | UnsetType = UNSET
    until_utc_s: U32 | UnsetType = UNSET


class Wearer(Struct, forbid_unknown_fields=True):
    """One who wears it; what is left out is 0 or unknown."""

    slot: Annotated[int, Meta(ge=0, le=7)] | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=12)] | UnsetType = UNSET
    birth_year: U16 | UnsetType = UNSET
    sex: Literal["unknown", "female", "male"] | UnsetType = UNSET
    weight_hg: U16 | UnsetType = UNSET
    height_cm: U8 | UnsetType = UNSET
    max_heart_rate_bpm: U8 | UnsetType = UNSET
    resting_heart_rate_bpm: U8 | UnsetType = UNSET
    zones_bpm: Annotated[list[U8], Meta(max_length=5)] | UnsetType = UNSET
    zone_low: U8 | UnsetType = UNSET
    zone_high: U8 | UnsetType = UNSET
    auto_pause: U8 | UnsetType = UNSET
    auto_lap_m: U16 | UnsetType = UNSET
    auto_lap_s: U16 | UnsetType = UNSET
    pool_cm: U16 | UnsetType = UNSET
    daily_steps: U32 | UnsetType = UNSET
    goals: Annotated[list[Goal], Meta(max_length=3)] | UnsetType = UNSET


class WristSettings(Struct, forbid_unknown_fields=True):
    """A wearable's settings; `flags` are bits, `zone_quarters` its time zone in quarters of an hour from UTC."""

    users: Annotated[list[Wearer], Meta(max_length=8)]
    flags: U8 | UnsetType = UNSET
    zone_quarters: Annotated[int, Meta(ge=-48, le=56)] | UnsetType | None = UNSET


class Step(Struct, forbid_unknown_fields=True):
    """A step; with `times` it ends a block of itself and the `back` steps before it, done so many times."""

    kind: Literal["warm-up", "work", "recovery", "rest", "cool-down", "set"] | UnsetType = UNSET
    until: Literal["button", "time_s", "distance_m", "repetitions"] | UnsetType = UNSET
    amount: U16 | UnsetType = UNSET
    target: Literal["none", "zone", "heart_rate_bpm", "pace_s_per_km"] | UnsetType = UNSET
    low: U16 | UnsetType = UNSET
    high: U16 | UnsetType = UNSET
    times: U8 | UnsetType = UNSET
    back: U8 | UnsetType = UNSET


class Plan(Struct, forbid_unknown_fields=True):
    """A workout, step by step."""

    steps: Annotated[list[Step], Meta(max_length=64)]
    user: U8 | UnsetType = UNSET
    sport: Sport | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=20, examples=["6 x 400"])] | UnsetType = UNSET


class Plans(Struct, forbid_unknown_fields=True):
    """The workouts that a wearable should offer."""

    plans: Annotated[list[Plan], Meta(max_length=32)]


class Heard(Struct):
    """What a gateway heard from the wearable: its STATUS. What a newer wearable says beyond this is left."""

    epoch: U32
    end: U32
    confirmed: U32
    battery_percent: Annotated[int, Meta(ge=0, le=100)]
    battery_millivolt: U16
    recording: Annotated[int, Meta(ge=0, le=2)]
    fix: Annotated[int, Meta(ge=0, le=3)]
    user: U8
    firmware: Annotated[str, Meta(min_length=1, max_length=11, examples=["0.1.0"])]
    settings_version: U32
    plan_version: U32
    assistance_version: U32


class StatusShown(Struct):
    """What the wearable said last; null what it could not tell."""

    heard_at: Utc
    backlog_bytes: int
    battery_percent: int | None
    battery_millivolt: int | None
    recording: Literal["no", "recording", "paused"]
    fix: int
    user: int
    firmware: str
    settings_version: int
    plan_version: int
    assistance_version: int


class LastStatus(Struct):
    """The last status; null when no gateway has told."""

    status: StatusShown | None
