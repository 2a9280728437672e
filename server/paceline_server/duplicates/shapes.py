"""What the API of duplicates takes and gives."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from paceline_server.activities.shapes_shown import ActivitySummaryShown
from paceline_server.platform.openapi.parameters import Uuid

Several = Annotated[list[Uuid], Meta(max_length=40)]


class StreamChoices(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The recording to take a stream from; null: by the rule. What is left out stays."""

    position: Uuid | UnsetType | None = UNSET
    distance: Uuid | UnsetType | None = UNSET
    altitude: Uuid | UnsetType | None = UNSET
    heart_rate: Uuid | UnsetType | None = UNSET
    cadence: Uuid | UnsetType | None = UNSET
    power: Uuid | UnsetType | None = UNSET
    laps: Uuid | UnsetType | None = UNSET
    sets: Uuid | UnsetType | None = UNSET


class RecordingsChange(Struct, forbid_unknown_fields=True):
    """What belongs together, and what not."""

    join: Annotated[Several, Meta(description="Activities that are of the same workout.")] = []
    part: Annotated[Several, Meta(description="Activities that are each a workout of its own.")] = []
    streams: StreamChoices = field(default_factory=StreamChoices)


class StreamSource(Struct):
    """Where a stream is from; `parts`: of each recording the part of the time that it tells."""

    stream: str
    activity_id: Uuid
    chosen: Annotated[bool, Meta(description="By the owner, not by the rule.")]
    parts: dict[str, float]


class SaidOfPair(Struct):
    """What was said of two activities, by the rule or the owner."""

    one_id: Uuid
    other_id: Uuid
    same: Literal["same", "perhaps", "other"]
    said_by: Literal["rule", "owner"]
    reasons: list[str]


class Recordings(Struct):
    """The recordings of one workout: `shown_id` is listed and counted for all; `proposed` wait for an answer.

    `merged`: what is shown was put together of the recordings.
    """

    shown_id: Uuid
    group_id: Uuid | None
    merged: bool
    recordings: list[ActivitySummaryShown]
    proposed: list[ActivitySummaryShown]
    streams: list[StreamSource]
    said: list[SaidOfPair]
