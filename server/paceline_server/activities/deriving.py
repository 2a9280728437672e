"""From what was recorded and what its owner said over it to what an activity shows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from paceline_server.activities.edits import Edits
from paceline_server.activities.model import Split
from paceline_server.activities.recorded import Recorded, SetDone
from paceline_server.analysis.cropping import cut_columns, ends
from paceline_server.analysis.distance import cumulative_distance_m
from paceline_server.analysis.metrics import Metrics, measure
from paceline_server.formats.recording import Column, ExerciseSet, Lap, Length, Pause, Recording
from paceline_server.telemetry import as_kept

LEAST_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Derived:
    """`columns` are all that were recorded, `cumulative_distance_m` among them; `shown` are values of an Activity."""

    columns: Mapping[str, Column]
    shown: Mapping[str, object]


def derive(recorded: Recorded, columns: Mapping[str, Column], edits: Edits) -> Derived:
    """Measure a workout. `columns` are a Recording's, without a distance unless it is the source's own.

    Distance, duration and energy are, in this order: what the owner said, the source's own total (cut by time when the
    activity is cropped; the distance is then measured), what was measured. Moving time is measured, unless the rows
    cover less than half of the duration and the distance is not theirs: then all but the pauses counts.
    """
    sport = edits.sport or recorded.sport
    # As the telemetry keeps them: whether they come from the source or from there, the same is measured.
    exact = as_kept(columns)
    whole = Recording(sport, "", recorded.start_utc_s, exact, recorded.laps, recorded.pauses, recorded.lengths)
    way_m = cumulative_distance_m(whole.columns)
    kept = dict(whole.columns) | {"distance_m": way_m}
    timed = [one for one in recorded.sets if one.start_s is not None and one.end_s is not None]
    sets = tuple(ExerciseSet(one.start_s or 0.0, one.end_s or 0.0, one.repetitions) for one in timed)
    recording = replace(whole, sets=sets) if sets else whole
    if edits.crop_s is not None:
        recording = _cropped(replace(recording, columns=kept), *edits.crop_s)
    metrics = measure(recording)
    duration_s, distance_m, calories_kcal = _totals(recorded, edits, metrics)
    latitude, longitude = recording.columns["latitude_deg"], recording.columns["longitude_deg"]
    south, north = ends(latitude)
    west, east = ends(longitude)
    since_s = edits.crop_s[0] if edits.crop_s is not None else 0.0
    return Derived(
        kept,
        {
            "sport": sport,
            "start_utc_s": (edits.start_utc_s if edits.start_utc_s is not None else recorded.start_utc_s) + since_s,
            "utc_offset_s": recorded.utc_offset_s,
            "duration_s": duration_s,
            "moving_time_s": _moving_s(recording, metrics, duration_s, distance_m),
            "distance_m": distance_m,
            "measured_distance_m": metrics.distance_m,
            "ascent_m": metrics.ascent_m,
            "heart_rate_avg_bpm": metrics.heart_rate_avg_bpm,
            "heart_rate_max_bpm": metrics.heart_rate_max_bpm,
            "calories_kcal": calories_kcal,
            "points_count": recording.points,
            "route_polyline": metrics.route_polyline,
            "laps": recording.laps,
            "pauses": recording.pauses,
            "lengths": recording.lengths,
            "sets": _sets_within(edits.all_sets(recorded.sets), edits.crop_s),
            "splits": tuple(Split(*split) for split in metrics.splits),
            "findings": metrics.findings,
            "south_deg": south,
            "west_deg": west,
            "north_deg": north,
            "east_deg": east,
            "title": edits.title,
            "visibility": edits.visibility,
            "perceived_effort": edits.perceived_effort,
            "recorded": recorded,
            "edits": edits,
        },
    )


def _cropped(recording: Recording, from_s: float, to_s: float) -> Recording:
    length_s = to_s - from_s

    def inside(one: Lap | Pause | Length | ExerciseSet) -> bool:
        return one.end_s > from_s and one.start_s < to_s

    def moved(one: Lap | Pause | Length | ExerciseSet) -> dict[str, float]:
        return {"start_s": max(0.0, one.start_s - from_s), "end_s": min(length_s, one.end_s - from_s)}

    return replace(
        recording,
        start_utc_s=recording.start_utc_s + from_s,
        columns=cut_columns(recording.columns, from_s, to_s),
        laps=tuple(replace(one, **moved(one)) for one in recording.laps if inside(one)),
        pauses=tuple(replace(one, **moved(one)) for one in recording.pauses if inside(one)),
        lengths=tuple(replace(one, **moved(one)) for one in recording.lengths if inside(one)),
        sets=tuple(replace(one, **moved(one)) for one in recording.sets if inside(one)),
    )


def _sets_within(sets: tuple[SetDone, ...], crop_s: tuple[float, float] | None) -> tuple[SetDone, ...]:
    if crop_s is None:
        return sets
    from_s, to_s = crop_s
    return tuple(
        one
        if one.start_s is None or one.end_s is None
        else replace(one, start_s=max(0.0, one.start_s - from_s), end_s=min(to_s, one.end_s) - from_s)
        for one in sets
        if one.start_s is None or one.end_s is None or (one.end_s > from_s and one.start_s < to_s)
    )


def _totals(recorded: Recorded, edits: Edits, metrics: Metrics) -> tuple[float, float, float | None]:
    duration_s, distance_m, calories_kcal = recorded.duration_s, recorded.distance_m, recorded.calories_kcal
    if edits.crop_s is not None:
        duration_s, distance_m = edits.crop_s[1] - edits.crop_s[0], None
        if calories_kcal is not None:
            calories_kcal *= duration_s / recorded.duration_s if recorded.duration_s > 0 else 0.0
    return (
        edits.duration_s if edits.duration_s is not None else duration_s,
        edits.distance_m if edits.distance_m is not None else metrics.distance_m if distance_m is None else distance_m,
        edits.calories_kcal if edits.calories_kcal is not None else calories_kcal,
    )


def _moving_s(recording: Recording, metrics: Metrics, duration_s: float, distance_m: float) -> float:
    told = recording.points < 2 or distance_m != metrics.distance_m
    if told and recording.duration_s < LEAST_COVERED * duration_s:
        return max(0.0, duration_s - sum(pause.end_s - pause.start_s for pause in recording.pauses))
    return min(metrics.moving_time_s, duration_s)
