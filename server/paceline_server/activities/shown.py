"""What is left of an activity for who looks at it. Pure; API, streams, live views and the page all show only this.

Parts that the owner shows to fewer than the activity are taken out, with all that tells of them: the series, what was
reckoned from it, and other series from which it could be reckoned back. No part is seen by whom the activity is hidden
from, whatever is said of the part.
"""

from collections.abc import Mapping
from dataclasses import replace

from paceline_server.activities.edits import NO_EDITS
from paceline_server.activities.model import LIVE, Activity, Split
from paceline_server.activities.service import absent
from paceline_server.analysis.cropping import has_values
from paceline_server.analysis.even_route import evenly_spaced
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.splits import SplitMetrics
from paceline_server.analysis.stretches import Stretch
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Column
from paceline_server.platform.gate import Sight
from paceline_server.platform.policy import Visibility
from paceline_server.telemetry import without

PARTS: Mapping[str, Visibility] = {  # what the owner can hide, and who sees it while nothing is said of it
    "map": Visibility.PUBLIC,
    "heart_rate": Visibility.PUBLIC,
    "pace": Visibility.PUBLIC,
    "calories": Visibility.PUBLIC,
    "notes": Visibility.PRIVATE,
    "sets": Visibility.PUBLIC,
}
OWN = "own"  # what nobody but the owner sees: the device, the receipt, what was recorded under the edits
DISTANCE = "distance"  # hidden with the pace for as long as it grows
PLACES_M = 50.0

_MAP, _PACE, _HEART = frozenset({"map"}), frozenset({"pace"}), frozenset({"heart_rate"})
# Positions over time tell the pace. Altitudes over time tell where somebody was, and on a known route how fast.
_COLUMNS: Mapping[str, frozenset[str]] = {
    "latitude_deg": _MAP | _PACE,
    "longitude_deg": _MAP | _PACE,
    "altitude_m": _MAP | _PACE,
    "speed_m_s": _PACE,
    "distance_m": _PACE,
    "cadence_spm": _PACE,
    "power_w": _PACE,
    "heart_rate_bpm": _HEART,
    "heart_rate_confidence": _HEART,
}


def shown_to(sight: Sight, activity: Activity) -> Activity:
    """Return the activity without what is hidden from who looks; NotFoundError when all of it is.

    `hidden` names what was taken out. It is for showing only, never to be kept.
    """
    seen = sight.into(activity.visibility)
    if seen is None:
        raise absent()
    return activity if seen is Visibility.PRIVATE else _without(activity, _hidden(activity, seen))


def columns_shown(hidden: frozenset[str], columns: Mapping[str, Column]) -> Mapping[str, Column]:
    """Return the columns, all NaN where they tell of what is hidden."""
    return without(columns, (name for name, parts in _COLUMNS.items() if parts & hidden)) if hidden else columns


def known_optional(columns: Mapping[str, Column]) -> Mapping[str, Column]:
    """Return the columns without the power where none was measured: most workouts have none."""
    return {name: column for name, column in columns.items() if name != "power_w" or has_values(column)}


def _hidden(activity: Activity, seen: Visibility) -> frozenset[str]:
    order = list(Visibility)
    said = activity.edits.field_visibility
    parts = {part for part, usual in PARTS.items() if order.index(said.get(part, usual)) < order.index(seen)}
    growing = {DISTANCE} if "pace" in parts and activity.status == LIVE else set()
    return frozenset({OWN} | parts | growing)


def _without(activity: Activity, hidden: frozenset[str]) -> Activity:
    heart, pace, way = "heart_rate" in hidden, "pace" in hidden, "map" in hidden
    findings = activity.findings
    return replace(
        activity,
        hidden=hidden,
        source="",
        source_key="",
        fingerprint="",
        telemetry_sha256="",
        receipt=Receipt(None, 0),
        recorded=None,
        measured_distance_m=None,
        perceived_effort=None,
        edits=NO_EDITS if "notes" in hidden else replace(NO_EDITS, notes=activity.edits.notes),
        south_deg=None,
        west_deg=None,
        north_deg=None,
        east_deg=None,
        route_polyline=_route(activity.route_polyline, hidden),
        distance_m=0.0 if DISTANCE in hidden else activity.distance_m,
        moving_time_s=0.0 if pace else activity.moving_time_s,
        ascent_m=None if way else activity.ascent_m,
        heart_rate_avg_bpm=None if heart else activity.heart_rate_avg_bpm,
        heart_rate_max_bpm=None if heart else activity.heart_rate_max_bpm,
        calories_kcal=None if "calories" in hidden else activity.calories_kcal,
        laps=() if pace else activity.laps,
        pauses=() if pace else activity.pauses,
        lengths=() if pace else activity.lengths,
        splits=() if pace else tuple(_split(split, hidden) for split in activity.splits),
        sets=() if "sets" in hidden else activity.sets,
        findings=None if findings is None else _findings(findings, hidden),
    )


def _route(polyline: str, hidden: frozenset[str]) -> str:
    """The route has a corner for every second, which tells the pace: without it there is one every so many metres."""
    if "map" in hidden or DISTANCE in hidden:
        return ""
    return evenly_spaced(polyline, PLACES_M) if "pace" in hidden else polyline


def _split(split: Split, hidden: frozenset[str]) -> Split:
    return replace(
        split,
        ascent_m=None if "map" in hidden else split.ascent_m,
        descent_m=None if "map" in hidden else split.descent_m,
        heart_rate_avg_bpm=None if "heart_rate" in hidden else split.heart_rate_avg_bpm,
    )


def _findings(findings: Findings, hidden: frozenset[str]) -> Findings:
    """What depends on the owner's thresholds, weight and age is judged for nobody else (stats/fields.py)."""
    heart, pace, way = "heart_rate" in hidden, "pace" in hidden, "map" in hidden
    return replace(
        findings,
        efforts_by_distance=() if pace else findings.efforts_by_distance,
        efforts_by_time=() if pace else findings.efforts_by_time,
        heart_curve=() if heart else findings.heart_curve,
        heart_s=(),
        moving_heart_s=(),
        other_met_h=0.0,
        timer_s=0.0,
        drift=None if heart or pace else findings.drift,
        grade_adjusted_m=None if way or pace else findings.grade_adjusted_m,
        laps=() if pace else _parts(findings.laps, hidden),
        cadence=None if pace else findings.cadence,
        power=None if pace else findings.power,
        ride_work=None,
        intervals=() if pace else _stretches(findings.intervals, hidden),
        rounds=() if pace or way else _stretches(findings.rounds, hidden),
        descent_m=None if way else findings.descent_m,
        by_tiles=findings.by_tiles and not way,
        rough_altitude=None if way else findings.rough_altitude,
        miles=() if pace else _parts(findings.miles, hidden),
    )


def _parts(parts: tuple[SplitMetrics, ...], hidden: frozenset[str]) -> tuple[SplitMetrics, ...]:
    heart, way = "heart_rate" in hidden, "map" in hidden
    return tuple(
        one._replace(
            ascent_m=None if way else one.ascent_m,
            descent_m=None if way else one.descent_m,
            heart_rate_avg_bpm=None if heart else one.heart_rate_avg_bpm,
        )
        for one in parts
    )


def _stretches(stretches: tuple[Stretch, ...], hidden: frozenset[str]) -> tuple[Stretch, ...]:
    heart = "heart_rate" in hidden
    return tuple(one._replace(heart_rate_avg_bpm=None) if heart else one for one in stretches)
