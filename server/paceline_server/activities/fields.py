"""An activity as the API shows it."""

from paceline_server.activities.model import Activity, ActivitySummary
from paceline_server.platform.web import utc_text


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
        "duration_s": round(activity.duration_s, 3),
        "moving_time_s": round(activity.moving_time_s, 3),
        "distance_m": round(activity.distance_m, 2),
        "ascent_m": _rounded(activity.ascent_m),
        "average_pace_s_km": None if pace is None else round(pace, 1),
        "whole": activity.whole,
    }


def activity_fields(activity: Activity) -> dict[str, object]:
    """Return an activity in full."""
    return summary_fields(activity) | {
        "route_polyline": activity.route_polyline,
        "created_at": utc_text(activity.created_at_s),
        "updated_at": utc_text(activity.updated_at_s),
        "receipt": activity.receipt.as_fields(),
        "laps": [{"start_s": lap.start_s, "end_s": lap.end_s, "trigger": lap.trigger} for lap in activity.laps],
        "pauses": [{"start_s": pause.start_s, "end_s": pause.end_s} for pause in activity.pauses],
        "splits": [
            {
                "distance_m": round(split.distance_m, 1),
                "duration_s": round(split.duration_s, 1),
                "moving_time_s": round(split.moving_time_s, 1),
                "ascent_m": _rounded(split.ascent_m),
                "heart_rate_avg_bpm": _rounded(split.heart_rate_avg_bpm),
            }
            for split in activity.splits
        ],
        "lengths": [
            {"start_s": one.start_s, "end_s": one.end_s, "strokes": one.strokes, "pool_m": one.pool_m}
            for one in activity.lengths
        ],
        "sets": [{"start_s": one.start_s, "end_s": one.end_s, "repetitions": one.repetitions} for one in activity.sets],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
