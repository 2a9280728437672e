"""Recommendations as the API shows them."""

from datetime import date

from paceline_server.training.achievements import Achievement
from paceline_server.training.advice import Pace, Recommendation, Session


def recommendation_fields(one: Recommendation) -> dict[str, object]:
    """Return a recommendation."""
    return {
        "kind": str(one.kind),
        "rule": one.rule,
        "advice": str(one.advice),
        "reason": str(one.reason),
        "figures": [
            {"name": figure.name, "value": round(figure.value, 2), "unit": figure.unit} for figure in one.figures
        ],
        "confidence": one.confidence,
        "session": None if one.session is None else _session(one.session),
        "paces": [{"name": pace.name, **_range(pace)} for pace in one.paces],
        "about": one.about,
    }


def achievement_fields(one: Achievement) -> dict[str, object]:
    """Return an achievement."""
    return {
        "rule": one.rule.name,
        "title": one.rule.title,
        "type": one.rule.sport,
        "unit": one.unit,
        "value": round(one.value, 2),
        "next_value": one.next_value,
        "marks": [
            {
                "value": mark.value,
                "activity_id": mark.activity_id,
                "reached_on": None if mark.day is None else date.fromordinal(mark.day).isoformat(),
            }
            for mark in one.marks
        ],
    }


def _session(session: Session) -> dict[str, object]:
    return {
        "day": date.fromordinal(session.day).isoformat(),
        "type": session.sport,
        "intensity": session.intensity,
        "duration_s": round(session.duration_s),
        "distance_m": None if session.distance_m is None else round(session.distance_m),
        **_range(session),
    }


def _range(one: Session | Pace) -> dict[str, object]:
    bpm, pace = one.heart_rate_bpm or (None, None), one.pace_s_km
    return {
        "heart_rate_from_bpm": bpm[0],
        "heart_rate_to_bpm": bpm[1],
        "pace_from_s_km": None if pace is None else round(pace[0], 1),
        "pace_to_s_km": None if pace is None else round(pace[1], 1),
    }
