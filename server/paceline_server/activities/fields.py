"""An activity as the API shows it."""

from collections.abc import Sequence

from paceline_server.activities.model import Activity, ActivitySummary, Split
from paceline_server.activities.recorded import SetDone
from paceline_server.analysis.splits import SplitMetrics
from paceline_server.analysis.strength import one_repetition_maximum_kg, volume_kg
from paceline_server.analysis.swolf import swolf
from paceline_server.platform.answers import utc_text
from paceline_server.tombstones.store import Deleted


def summary_fields(activity: ActivitySummary) -> dict[str, object]:
    """Return an activity as lists show it: the contract's names, then ours with units."""
    pace = activity.average_pace_s_km
    return {
        "activity_id": activity.activity_id,
        "user_id": activity.owner_id,
        "type": activity.sport,
        "status": activity.status,
        "source": activity.source,
        "start_time": utc_text(activity.start_utc_s),
        "duration": round(activity.duration_s),
        "distance": round(activity.distance_m, 1),
        "calories": activity.calories_kcal,
        "average_pace": None if pace is None else round(pace, 1),
        "heart_rate_avg": _rounded(activity.heart_rate_avg_bpm),
        "heart_rate_max": _rounded(activity.heart_rate_max_bpm),
        "points_count": activity.points_count,
        "start_utc_s": activity.start_utc_s,
        "utc_offset_s": activity.utc_offset_s,
        "duration_s": round(activity.duration_s, 3),
        "moving_time_s": round(activity.moving_time_s, 3),
        "distance_m": round(activity.distance_m, 2),
        "ascent_m": _rounded(activity.ascent_m),
        "average_pace_s_km": None if pace is None else round(pace, 1),
        "whole": activity.whole,
        "title": activity.title or None,
        "visibility": str(activity.visibility),
        "perceived_effort": activity.perceived_effort,
    }


_HIDDEN = {  # part → what is null of it; lists and texts of hidden parts are empty already
    "own": ("source", "created_at", "updated_at", "receipt"),
    "distance": ("distance", "distance_m"),
    "pace": ("average_pace", "average_pace_s_km", "moving_time_s"),
    "sets": ("volume_kg",),
}


def activity_fields(activity: Activity) -> dict[str, object]:
    """Return an activity in full, or what is shown of it (shown.py): null is what is hidden."""
    hidden = {name: None for part in activity.hidden for name in _HIDDEN.get(part, ())}
    return _every_field(activity) | hidden


def _every_field(activity: Activity) -> dict[str, object]:
    lengths_swum = swolf(activity.lengths)
    return summary_fields(activity) | {
        "route_polyline": activity.route_polyline,
        "created_at": utc_text(activity.created_at_s),
        "updated_at": utc_text(activity.updated_at_s),
        "receipt": activity.receipt.as_fields(),
        "laps": [{"start_s": lap.start_s, "end_s": lap.end_s, "trigger": lap.trigger} for lap in activity.laps],
        "pauses": [{"start_s": pause.start_s, "end_s": pause.end_s} for pause in activity.pauses],
        "descent_m": None if activity.findings is None else _rounded(activity.findings.descent_m),
        "splits": [split_fields(split) for split in activity.splits],
        "lengths": [
            {"start_s": one.start_s, "end_s": one.end_s, "strokes": one.strokes, "pool_m": one.pool_m}
            for one in activity.lengths
        ],
        "sets": set_fields(activity.sets),
        "volume_kg": round(volume_kg((one.load_kg or 0.0, one.repetitions) for one in activity.sets), 1),
        "maxima": [
            {"exercise": exercise, "one_repetition_kg": round(kg, 1)} for exercise, kg in maxima_kg(activity.sets)
        ],
        "swolf": None if lengths_swum is None else round(lengths_swum.swolf, 1),
        "notes": activity.edits.notes or None,
        "field_visibility": {name: str(word) for name, word in activity.edits.field_visibility.items()},
        "crop": _crop(activity.edits.crop_s),
        "recorded": _recorded(activity),
    }


def split_fields(split: Split | SplitMetrics) -> dict[str, float | None]:
    """Return a split or a lap."""
    return {
        "distance_m": round(split.distance_m, 1),
        "duration_s": round(split.duration_s, 1),
        "moving_time_s": round(split.moving_time_s, 1),
        "ascent_m": _rounded(split.ascent_m),
        "descent_m": _rounded(split.descent_m),
        "heart_rate_avg_bpm": _rounded(split.heart_rate_avg_bpm),
    }


def deleted_fields(deleted: Deleted) -> dict[str, object]:
    """Return a deleted activity as the list of them shows it."""
    activity = deleted.activity
    return {
        "activity_id": activity.activity_id,
        "title": activity.title or None,
        "type": activity.sport,
        "start_time": utc_text(activity.start_utc_s),
        "duration": round(activity.duration_s),
        "distance": round(activity.distance_m, 1),
        "deleted_at": utc_text(deleted.deleted_at_s),
        "gone_at": utc_text(deleted.gone_at_s),
    }


def set_fields(sets: Sequence[SetDone]) -> list[dict[str, object]]:
    """Return sets in their order; the rest is that which was said, else the time to the next one's start."""
    after = [*(one.start_s for one in sets[1:]), None]
    return [
        {
            "exercise": one.exercise or None,
            "repetitions": one.repetitions,
            "load_kg": one.load_kg,
            "rest_s": _rounded(rest_s(one, next_s)),
            "start_s": one.start_s,
            "end_s": one.end_s,
        }
        for one, next_s in zip(sets, after, strict=False)
    ]


def maxima_kg(sets: Sequence[SetDone]) -> list[tuple[str, float]]:
    """Return what could be lifted once in each exercise that names its load, by the set that says most."""
    found: dict[str, float] = {}
    for one in sets:
        most = None if one.load_kg is None else one_repetition_maximum_kg(one.load_kg, one.repetitions)
        if one.exercise and most:
            found[one.exercise] = max(most, found.get(one.exercise, 0.0))
    return sorted(found.items())


def rest_s(one: SetDone, next_s: float | None) -> float | None:
    """Return the rest after a set, before one that begins at `next_s`; None when nothing tells it."""
    if one.rest_s is not None or one.end_s is None or next_s is None:
        return one.rest_s
    return max(0.0, next_s - one.end_s)


def _crop(crop_s: tuple[float, float] | None) -> dict[str, float] | None:
    return None if crop_s is None else {"from_s": crop_s[0], "to_s": crop_s[1]}


def _recorded(activity: Activity) -> dict[str, object] | None:
    recorded = activity.recorded
    measured_m = _rounded(activity.measured_distance_m)
    if recorded is None:
        return None
    return {
        "type": recorded.sport,
        "start_time": utc_text(recorded.start_utc_s),
        "duration_s": round(recorded.duration_s, 3),
        "distance_m": _rounded(recorded.distance_m),
        "calories_kcal": _rounded(recorded.calories_kcal),
        "measured_distance_m": measured_m,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
