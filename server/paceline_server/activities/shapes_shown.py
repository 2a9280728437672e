"""What the API of activities gives."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from paceline_server.platform.openapi.parameters import Utc, Uuid
from paceline_server.uploads.shapes import VisibilityWord


class ActivitySummaryShown(Struct):
    """An activity as lists show it; the names without a unit are seconds, metres, seconds per kilometre."""

    activity_id: Uuid
    user_id: Uuid
    type: str
    status: Literal["live", "finished"]
    source: str
    start_time: Utc
    duration: int
    distance: float
    calories: float | None
    average_pace: float | None
    heart_rate_avg: float | None
    heart_rate_max: float | None
    points_count: int
    start_utc_s: float
    utc_offset_s: int | None
    duration_s: float
    moving_time_s: float
    distance_m: float
    ascent_m: float | None
    average_pace_s_km: float | None
    whole: bool
    title: str | None
    visibility: VisibilityWord
    perceived_effort: int | None


class ActivityPage(Struct):
    """A page of activities; `next_cursor` is null on the last one, `total` is left out where a place is asked for."""

    activities: list[ActivitySummaryShown]
    limit: int
    offset: int
    next_cursor: str | None
    total: int | None = None


class ReceiptShown(Struct):
    """What was recorded and what is here."""

    recorded: int | None
    received: int
    gaps: list[dict[str, int]]
    sealed: bool
    problems: list[str]
    whole: bool


class LapShown(Struct):
    """A lap, in seconds since the start."""

    start_s: float
    end_s: float
    trigger: str


class PauseShown(Struct):
    """A pause."""

    start_s: float
    end_s: float


class SplitShown(Struct):
    """A kilometre (a mile, with `unit=mile`), or what is left of one."""

    distance_m: float
    duration_s: float
    moving_time_s: float
    ascent_m: float | None
    descent_m: float | None
    heart_rate_avg_bpm: float | None


class LengthShown(Struct):
    """A length of the pool; strokes of one arm."""

    start_s: float
    end_s: float
    strokes: int
    pool_m: float


class SetShown(Struct):
    """A set; 0 repetitions: not known."""

    exercise: str | None
    repetitions: int
    load_kg: float | None
    rest_s: float | None
    start_s: float | None
    end_s: float | None


class MaximumShown(Struct):
    """What could be lifted once, estimated."""

    exercise: str
    one_repetition_kg: float


class CropShown(Struct):
    """The part that is shown, in seconds since the recorded start."""

    from_s: float
    to_s: float


class RecordedShown(Struct):
    """What the recording itself says, whatever was said over it; null where it says nothing."""

    type: str
    start_time: Utc
    duration_s: float
    distance_m: float | None
    calories_kcal: float | None
    measured_distance_m: float | None


class ActivityShown(ActivitySummaryShown, kw_only=True):
    """An activity in full, or what its owner shows of it: what is hidden is null, or empty."""

    source: str | None  # pyright: ignore[reportIncompatibleVariableOverride] (never null in lists, which are one's own)
    distance: float | None  # pyright: ignore[reportIncompatibleVariableOverride]
    distance_m: float | None  # pyright: ignore[reportIncompatibleVariableOverride]
    moving_time_s: float | None  # pyright: ignore[reportIncompatibleVariableOverride]
    route_polyline: str
    created_at: Utc | None
    updated_at: Utc | None
    receipt: ReceiptShown | None
    laps: list[LapShown]
    pauses: list[PauseShown]
    descent_m: float | None
    splits: list[SplitShown]
    lengths: list[LengthShown]
    sets: list[SetShown]
    volume_kg: float | None
    maxima: list[MaximumShown]
    swolf: float | None
    notes: str | None
    field_visibility: dict[str, VisibilityWord]
    crop: CropShown | None
    recorded: RecordedShown | None
    analysis: Annotated[dict[str, Any], Meta(description="See docs/ANALYSIS.md.")] | None


class StreamsShown(Struct):
    """Columns of equal length, null where missing; power is left out where none was measured."""

    time_s: list[float]
    latitude_deg: list[float | None]
    longitude_deg: list[float | None]
    altitude_m: list[float | None]
    speed_m_s: list[float | None]
    heart_rate_bpm: list[float | None]
    heart_rate_confidence: list[float | None]
    cadence_spm: list[float | None]
    distance_m: list[float | None]
    power_w: list[float | None] | UnsetType = UNSET
    grade_percent: list[float | None] | UnsetType = UNSET  # only where `points` is asked for
