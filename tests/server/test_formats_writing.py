"""What is written is read again as the same workout, by ourselves and by readers of others."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import fitdecode
import numpy as np
import pytest
from paceline_server.analysis.metrics import measure
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Column, Recording
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.gpx import write_gpx
from paceline_server.formats.writing.table import write_csv, write_geojson
from paceline_server.formats.writing.tcx import write_tcx
from paceline_server.formats.writing.workout import Workout

Write = Callable[[Workout], bytes]
RUN = "fit/sports-lib__6782987395.fit"
PAUSED_RIDE = "fit/gpsbabel__garmin-edge-800.fit"
SWIM = "fit/goldencheetah__GarminSwimExample.fit"
STRENGTH = "fit/fit-analyzer__20474406937_ACTIVITY.fit"


@pytest.fixture(scope="module")
def workout_of(recordings: Path) -> Callable[[str], Workout]:
    def made(path: str) -> Workout:
        (recording,) = read_recording((recordings / "activities" / path).read_bytes(), path)
        metrics = measure(recording)
        return Workout(
            recording,
            metrics.cumulative_distance_m,
            metrics.findings.timer_s,
            title="Evening <run> & more",
            notes="wet",
            calories_kcal=982,
            ascent_m=metrics.ascent_m,
            heart_rate_avg_bpm=metrics.heart_rate_avg_bpm,
            heart_rate_max_bpm=metrics.heart_rate_max_bpm,
        )

    return made


STEPS = {"latitude_deg": 1e-6, "altitude_m": 0.21, "speed_m_s": 0.01, "heart_rate_bpm": 0.5, "cadence_spm": 1.0}


@pytest.mark.parametrize("write", [write_fit, write_gpx, write_tcx], ids=["fit", "gpx", "tcx"])
@pytest.mark.parametrize("path", [RUN, PAUSED_RIDE])
def test_what_was_written_is_read_again(workout_of: Callable[[str], Workout], path: str, write: Write) -> None:
    workout = workout_of(path)
    before = workout.recording
    (after,) = read_recording(write(workout), "written")
    placed = ~np.isnan(before.columns["latitude_deg"]) if write is write_gpx else np.full(before.points, True)
    assert (after.sport, after.start_utc_s) == (before.sport, before.start_utc_s)
    np.testing.assert_array_equal(after.columns["time_s"], before.columns["time_s"][placed])
    for name, step in STEPS.items():
        np.testing.assert_allclose(after.columns[name], before.columns[name][placed], rtol=0, atol=step, err_msg=name)
    assert measure(after).distance_m == pytest.approx(measure(before).distance_m, rel=0.01)
    if write is not write_gpx:  # GPX knows no pauses but the way they lie between segments
        assert [(round(pause.start_s), round(pause.end_s)) for pause in after.pauses] == [
            (round(pause.start_s), round(pause.end_s)) for pause in before.pauses
        ]
        assert len(after.laps) == len(before.laps)
        assert after.calories_kcal == pytest.approx(982, abs=len(after.laps))  # TCX has it by the lap, whole


def test_fit_is_read_by_another_reader(workout_of: Callable[[str], Workout]) -> None:
    workout = workout_of(PAUSED_RIDE)
    counts: dict[str, int] = {}
    totals = {}
    with fitdecode.FitReader(write_fit(workout), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                counts[frame.name] = counts.get(frame.name, 0) + 1
                if frame.name == "session":
                    totals = {field.name: field.value for field in frame.fields}
    assert counts["record"] == workout.recording.points
    assert counts["lap"] == len(workout.recording.laps)
    assert counts["event"] == 2 + 2 * len(workout.recording.pauses)
    assert totals["sport"] == "cycling"
    assert totals["total_distance"] == pytest.approx(workout.distance_m[-1], abs=0.01)
    assert totals["total_timer_time"] == pytest.approx(workout.timer_s, abs=0.001)


def test_the_clock_it_was_recorded_by_is_in_a_fit_file(workout_of: Callable[[str], Workout]) -> None:
    workout = workout_of(RUN)
    for away_s in (None, -3 * 3600, 20_700):
        recording = replace(workout.recording, utc_offset_s=away_s, columns=_at(workout.recording, away_s or 0))
        (after,) = read_recording(write_fit(replace(workout, recording=recording)), "written.fit")
        assert after.utc_offset_s == away_s


def _at(recording: Recording, away_s: int) -> dict[str, Column]:
    """Return the columns where clocks stand like that."""
    moved = recording.columns["longitude_deg"] - recording.columns["longitude_deg"][0] + away_s / 240
    return dict(recording.columns) | {"longitude_deg": moved}


def test_lengths_and_sets_are_in_a_fit_file(workout_of: Callable[[str], Workout]) -> None:
    for path in (SWIM, STRENGTH):
        before = workout_of(path).recording
        (after,) = read_recording(write_fit(workout_of(path)), "written")
        assert after.sport == before.sport
        assert [length.strokes for length in after.lengths] == [length.strokes for length in before.lengths]
        assert [one.repetitions for one in after.sets] == [one.repetitions for one in before.sets]


def test_gpx_is_well_formed_and_has_a_segment_between_pauses(workout_of: Callable[[str], Workout]) -> None:
    workout = workout_of(PAUSED_RIDE)
    root = ElementTree.fromstring(write_gpx(workout))
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    assert root.findtext("g:trk/g:name", namespaces=space) == "Evening <run> & more"
    points = root.findall("g:trk/g:trkseg/g:trkpt", space)
    assert len(points) == workout.recording.points
    assert 1 < len(root.findall("g:trk/g:trkseg", space)) <= 1 + len(workout.recording.pauses)


def test_without_a_position_gpx_is_refused_in_one_sentence(workout_of: Callable[[str], Workout]) -> None:
    with pytest.raises(FormatError, match="needs positions"):
        write_gpx(workout_of(SWIM))


def test_csv_has_a_row_a_sample_in_the_units_of_its_header(workout_of: Callable[[str], Workout]) -> None:
    workout = workout_of(RUN)
    rows = list(csv.DictReader(io.StringIO(write_csv(workout).decode(), newline="")))
    assert len(rows) == workout.recording.points
    assert datetime.fromisoformat(rows[0]["utc"]).timestamp() == workout.recording.start_utc_s
    assert float(rows[-1]["distance_m"]) == pytest.approx(workout.distance_m[-1], abs=0.01)
    assert {"time_s", "latitude_deg", "heart_rate_bpm"} <= rows[0].keys()
    assert "heart_rate_confidence" not in rows[0]  # nothing is known of it


def test_geojson_has_a_line_between_pauses_and_its_times(workout_of: Callable[[str], Workout]) -> None:
    feature = json.loads(write_geojson(workout_of(PAUSED_RIDE)))
    lines, times = feature["geometry"]["coordinates"], feature["properties"]["coordTimes"]
    assert [len(line) for line in lines] == [len(line) for line in times]
    assert all(-180 <= place[0] <= 180 and -90 <= place[1] <= 90 for line in lines for place in line)
    assert json.loads(write_geojson(workout_of(SWIM)))["geometry"] is None


def test_what_has_no_row_is_written_too() -> None:
    empty = Workout(Recording.of("strength", "hand", 1_700_000_000.0, {"time_s": []}), np.empty(0), 0.0)
    assert fitdecode.FitReader(write_fit(empty))
    assert b"<Lap" in write_tcx(empty)
    assert write_csv(empty) == b"utc\r\n"
    assert json.loads(write_geojson(empty))["geometry"] is None
