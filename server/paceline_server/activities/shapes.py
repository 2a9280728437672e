"""What the API of activities takes and gives."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from paceline_server.platform.openapi.parameters import Cursor, Utc, Uuid
from paceline_server.uploads.shapes import (
    MOST_SETS,
    Effort,
    Kilocalories,
    Metres,
    Moment,
    Notes,
    Seconds,
    SentSet,
    Sport,
    Title,
    VisibilityWord,
)


class SetEdit(SentSet, forbid_unknown_fields=True):
    """A set. One whose `start_s` is that of a recorded set corrects it, or takes it away when `removed`."""

    removed: bool = False


class Crop(Struct, forbid_unknown_fields=True):
    """The part that is shown, in seconds since the recorded start."""

    from_s: Seconds
    to_s: Seconds


class FieldVisibility(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """To whom parts of the activity are shown, where that is fewer than the activity itself."""

    map: VisibilityWord | None = None
    heart_rate: VisibilityWord | None = None
    pace: VisibilityWord | None = None
    calories: VisibilityWord | None = None
    notes: VisibilityWord | None = None
    sets: VisibilityWord | None = None


class ActivityEdit(Struct, forbid_unknown_fields=True):
    """What to change; null takes back what was said before. What was recorded stays as it is."""

    title: Title | UnsetType | None = UNSET
    type: Sport | UnsetType | None = UNSET
    notes: Notes | UnsetType | None = UNSET
    visibility: VisibilityWord | UnsetType | None = UNSET
    field_visibility: FieldVisibility | UnsetType | None = UNSET
    perceived_effort: Effort | UnsetType | None = UNSET
    start_time: Moment | UnsetType | None = UNSET
    duration: Seconds | UnsetType | None = UNSET
    distance: Metres | UnsetType | None = UNSET
    calories: Kilocalories | UnsetType | None = UNSET
    sets: Annotated[list[SetEdit], Meta(max_length=MOST_SETS)] | UnsetType | None = UNSET
    crop: Crop | UnsetType | None = UNSET


class ActivitiesQuery(Struct, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    cursor: Cursor = ""


class DeletedQuery(Struct, forbid_unknown_fields=True):
    """How many."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class DeletedActivity(Struct):
    """An activity that was deleted, and until when it can be restored."""

    activity_id: Uuid
    title: str | None
    type: str
    start_time: Utc
    duration: int
    distance: float
    deleted_at: Utc
    gone_at: Utc


class DeletedActivities(Struct):
    """Those deleted last come first."""

    activities: list[DeletedActivity] = field(default_factory=list)
