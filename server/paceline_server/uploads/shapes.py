"""What the API of uploads takes and gives."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from paceline_server.formats.sent_points import LONGEST_S, MOST_POINTS, SentPoint
from paceline_server.platform.openapi.parameters import Uuid

MOST_SETS = 200
MOST_STRETCHES = 2000

Sport = Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]{0,31}$", examples=["running"], description="A sport, in a word.")]
Moment = Annotated[datetime, Meta(tz=True, description="A time with its zone.", examples=["2025-04-12T14:30:00Z"])]
Seconds = Annotated[float, Meta(ge=0, le=LONGEST_S, description="Seconds.")]
Metres = Annotated[float, Meta(ge=0, le=100_000_000, description="Metres.")]
Kilocalories = Annotated[float, Meta(ge=0, le=1_000_000, description="Kilocalories.")]
Title = Annotated[str, Meta(max_length=200)]
Notes = Annotated[str, Meta(max_length=10_000)]
Effort = Annotated[int, Meta(ge=1, le=10, description="Perceived: 1 very light to 10 all one has.")]
VisibilityWord = Literal["private", "followers", "public"]
ClientId = Annotated[str, Meta(pattern="^[0-9A-Za-z._-]{1,64}$", description="Whoever sends it again means the same.")]


class SentSet(Struct, forbid_unknown_fields=True):
    """A set of a strength workout; `start_s` is seconds since the start, where somebody timed it."""

    exercise: Annotated[str, Meta(max_length=60, examples=["bench_press"])] = ""
    repetitions: Annotated[int, Meta(ge=0, le=10_000, description="0: not known.")] = 0
    load_kg: Annotated[float, Meta(ge=0, le=2000)] | None = None
    rest_s: Annotated[float, Meta(ge=0, le=86400)] | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None


Points = Annotated[list[SentPoint], Meta(max_length=MOST_POINTS)]
Sets = Annotated[list[SentSet], Meta(max_length=MOST_SETS)]


class NewActivity(Struct, forbid_unknown_fields=True):
    """A workout, whole; `duration` is needed where there are no points."""

    type: Sport
    start_time: Moment
    duration: Seconds | None = None
    distance: Metres | None = None
    calories: Kilocalories | None = None
    data_points: Points = field(default_factory=list)
    sets: Sets = field(default_factory=list)
    title: Title = ""
    notes: Notes = ""
    visibility: VisibilityWord = "private"
    perceived_effort: Effort | None = None
    activity_id: Uuid | None = None
    client_id: ClientId | None = None


class NewRecording(Struct, forbid_unknown_fields=True):
    """A workout that begins; its points follow."""

    type: Sport
    start_time: Moment | None = None
    title: Title = ""
    visibility: VisibilityWord = "private"
    activity_id: Uuid | None = None
    client_id: ClientId | None = None


class MorePoints(Struct, forbid_unknown_fields=True):
    """Points of a workout under way; the first of them is number `from`, counted from 0 over all that were sent."""

    from_row: Annotated[int, Meta(ge=0, le=MOST_POINTS)] = field(name="from")
    data_points: Annotated[list[SentPoint], Meta(min_length=1, max_length=MOST_POINTS)]


class Stretch(Struct, forbid_unknown_fields=True):
    """From when to when; seconds since the start."""

    start_s: Seconds
    end_s: Seconds


Stretches = Annotated[list[Stretch], Meta(max_length=MOST_STRETCHES)]


class End(Struct, forbid_unknown_fields=True):
    """The end of a workout; `points` is how many were sent, so that none can be missing."""

    duration: Seconds | None = None
    distance: Metres | None = None
    calories: Kilocalories | None = None
    points: Annotated[int, Meta(ge=0, le=MOST_POINTS)] | None = None
    laps: Stretches = field(default_factory=list)
    pauses: Stretches = field(default_factory=list)


class Saved(Struct):
    """Which activity it is, and what has become of it."""

    activity_id: Uuid
    status: Literal["saved", "live", "deleted"]


class Reached(Struct):
    """How many points are held, from the first one on."""

    points: int
