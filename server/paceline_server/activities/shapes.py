"""What the API of activities takes and gives."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from paceline_server.analysis.drawing import LEAST_POINTS, MOST_POINTS
from paceline_server.platform.openapi.pages import PageShown
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


class ListQuery(Struct, forbid_unknown_fields=True):
    """Which activities, in which order; what is left out is not asked for."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    cursor: Cursor | None = None
    first_moment: Moment | None = field(default=None, name="from")
    last_moment: Moment | None = field(default=None, name="to")
    type: Sport | None = None
    min_distance: Metres | None = None
    max_distance: Metres | None = None
    min_duration: Seconds | None = None
    max_duration: Seconds | None = None
    text: Annotated[str, Meta(min_length=1, max_length=100, description="In title or notes.")] | None = None
    visibility: VisibilityWord | None = None
    box: Annotated[str, Meta(max_length=100, description="south,west,north,east in degrees.")] | None = None
    near: Annotated[str, Meta(max_length=60, description="latitude,longitude in degrees.")] | None = None
    radius_m: Annotated[float, Meta(gt=0, le=1_000_000)] = 1000.0
    sort: Literal["start", "-start", "distance", "-distance", "duration", "-duration"] = "-start"
    recordings: Annotated[
        Literal["shown", "all"], Meta(description="all: those that another recording of the workout is shown for, too.")
    ] = "shown"


class LookQuery(Struct, forbid_unknown_fields=True):
    """As whom one looks at an activity."""

    as_who: Annotated[Literal["stranger"], Meta(description="As anybody else sees it.")] | None = field(
        default=None, name="as"
    )


class ActivityQuery(LookQuery, forbid_unknown_fields=True):
    """As whom one looks at an activity, and by what it is split."""

    unit: Annotated[Literal["km", "mile"], Meta(description="What `splits` are of.")] = "km"


LATEST_S = 400 * 86_400.0  # as formats.recording has it


class StreamsQuery(LookQuery, forbid_unknown_fields=True):
    """Which rows, and how many of them."""

    points: (
        Annotated[int, Meta(ge=LEAST_POINTS, le=MOST_POINTS, description="At most so many rows, peaks kept.")] | None
    ) = None
    from_s: (
        Annotated[float, Meta(ge=0, le=LATEST_S, description="Rows from this second since the start on.")] | None
    ) = None
    to_s: Annotated[float, Meta(ge=0, le=LATEST_S, description="Rows up to this second since the start.")] | None = None
    mean_s: Annotated[float, Meta(ge=0, le=600, description="Speed and power as means over so many seconds.")] = 0.0


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


class DeletedActivities(PageShown):
    """Those deleted last come first."""

    activities: list[DeletedActivity]
