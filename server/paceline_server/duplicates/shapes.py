"""What the API of duplicates takes and gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from paceline_server.activities.shapes_shown import ActivitySummaryShown
from paceline_server.platform.openapi.parameters import Uuid

Several = Annotated[list[Uuid], Meta(max_length=40)]


class RecordingsChange(Struct, forbid_unknown_fields=True):
    """What belongs together, and what not."""

    join: Annotated[Several, Meta(description="Activities that are of the same workout.")] = []
    part: Annotated[Several, Meta(description="Activities that are each a workout of its own.")] = []


class SaidOfPair(Struct):
    """What was said of two activities, by the rule or the owner."""

    one_id: Uuid
    other_id: Uuid
    same: Literal["same", "perhaps", "other"]
    said_by: Literal["rule", "owner"]
    reasons: list[str]


class Recordings(Struct):
    """The recordings of one workout: `shown_id` is listed and counted for all; `proposed` wait for an answer."""

    shown_id: Uuid
    group_id: Uuid | None
    recordings: list[ActivitySummaryShown]
    proposed: list[ActivitySummaryShown]
    said: list[SaidOfPair]
