"""An activity → a file that other programs read."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Literal

from paceline_server.activities.model import Activity
from paceline_server.analysis.cropping import cut_columns, has_values
from paceline_server.analysis.distance import cumulative_distance_m
from paceline_server.formats.errors import FormatError
from paceline_server.formats.recording import OPTIONAL, Column, ExerciseSet, Recording
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.gpx import write_gpx
from paceline_server.formats.writing.table import write_csv, write_geojson
from paceline_server.formats.writing.tcx import write_tcx
from paceline_server.formats.writing.workout import Workout
from paceline_server.telemetry import unpack_columns

Format = Literal["fit", "gpx", "tcx", "csv", "geojson"]
WRITERS: Mapping[str, Callable[[Workout], bytes]] = {
    "fit": write_fit,
    "gpx": write_gpx,
    "tcx": write_tcx,
    "csv": write_csv,
    "geojson": write_geojson,
}


def workout_of(activity: Activity, columns: Mapping[str, Column]) -> Workout:
    """Return the workout as its owner sees it: edited, cropped, with the figures that are shown."""
    known = {name: column for name, column in columns.items() if name not in OPTIONAL or has_values(column)}
    recording = Recording.of(
        activity.sport,
        activity.source,
        activity.start_utc_s,
        known,
        laps=activity.laps,
        pauses=activity.pauses,
        lengths=activity.lengths,
        sets=tuple(
            ExerciseSet(one.start_s, one.end_s, one.repetitions)
            for one in activity.sets
            if one.start_s is not None and one.end_s is not None
        ),
        utc_offset_s=activity.utc_offset_s,
    )
    paused_s = sum(pause.end_s - pause.start_s for pause in activity.pauses)
    return Workout(
        recording,
        cumulative_distance_m(recording.columns),
        max(0.0, activity.duration_s - paused_s) if activity.findings is None else activity.findings.timer_s,
        title=activity.title,
        notes=activity.edits.notes or "",
        calories_kcal=activity.calories_kcal,
        ascent_m=activity.ascent_m,
        descent_m=None if activity.findings is None else activity.findings.descent_m,
        heart_rate_avg_bpm=activity.heart_rate_avg_bpm,
        heart_rate_max_bpm=activity.heart_rate_max_bpm,
    )


def write_workout(activity: Activity, columns: Mapping[str, Column], form: str) -> bytes:
    """Return the file; FormatError when the format cannot hold the workout."""
    return WRITERS[form](workout_of(activity, columns))


def workout_files(activity: Activity, blob: bytes, forms: Sequence[str]) -> list[tuple[str, bytes]]:
    """Return an activity with its telemetry, as it is shown, in those of the formats that can hold it; runs apart.

    TelemetryError when the blob cannot be read.
    """
    found, crop_s = unpack_columns(blob), activity.edits.crop_s
    columns = found if crop_s is None else cut_columns(found, *crop_s)
    made: list[tuple[str, bytes]] = []
    for form in forms:
        with suppress(FormatError):
            made.append((form, write_workout(activity, columns, form)))
    return made
