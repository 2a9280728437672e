"""Real files of many devices give the numbers that the manifest states; damaged ones give one clear error."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents, read_recording
from paceline_server.formats.recording import Recording

WITHOUT_TIMES = {
    "cerknicko-without-times.gpx": 5,
    "cerknicko-jezero-without-elevations.gpx": 295,
    "korita-zbevnica.gpx": 513,
}
"""Files of which only some points have a time inside the point."""
NOT_A_RECORDING = {
    "track-with-extremes.gpx": "No track point has a time",
    "empty-trkseg.gpx": "No track point has a time",
    "course.tcx.gz": "A course, not an activity",
    "empty-activities.fit": "Damaged FIT file: at byte 14: no FIT header",
    "empty-sessions.fit": "The file is empty",
}
DAMAGED = {
    "nick.fit": (14383, "at byte 403456: expected 2 bytes, got 0"),
    "strava-android-app-201.10-b1218918.fit": (235, "at byte 7471: local message 11 not defined"),
}
"""Files of which the rows before the damage are had, with a warning; the second writes two records a second."""
REPEATED_TIMES = {
    "2008_12_28_08_13_27.tcx.gz": 10,  # the clock steps back ten times
    "OWswim.tcx.gz": 1435,  # written twice, one after the other
    "sports-tracker.gpx.gz": 3677,  # two tracks interleaved
    "2013-04-11-17-32-50.fit": 33,  # and one record two years ahead of its session
}
STARTED_BEFORE = {"GarminSwimExample.fit": 1, "lap_swim_test_FR920xt.FIT": 1, "6021532030.fit": 1}
"""Pool swims whose first record is the end of a length: a row is added where the swim began."""
HEARD_AFTERWARDS = {"event_timestamp.fit": 138.2, "6688025408.fit": 118.4}
"""Heart rate that is in messages of its own, of which the manifest does not know; the mean of ours."""
NULL_ISLAND = {"Fr955v19.28andStryd-saved.fit": 4, "broken-start-latlng.fit": 7, "SigmaRox11_1.fit": 1}
"""Positions 0, 0: what the device writes for none."""

Item = dict[str, Any]


def short(item: Item) -> str:
    return item["path"].partition("__")[2]


@pytest.fixture(scope="module")
def activities(recordings: Path) -> list[Item]:
    items = json.loads((recordings / "MANIFEST.json").read_text())["items"]
    return [item for item in items if item["kind"].startswith("activity/")]


def column(found: list[Recording], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.concatenate([recording.columns[name] for recording in found])


def test_each_file_gives_the_numbers_of_the_manifest(recordings: Path, activities: list[Item]) -> None:
    wrong: list[str] = []
    for item in activities:
        if short(item) in NOT_A_RECORDING or short(item) in DAMAGED:
            continue
        found = read_recording((recordings / item["path"]).read_bytes(), item["path"])
        repeated = REPEATED_TIMES.get(short(item)) or item.get("duplicate_timestamps") or 0
        rows = WITHOUT_TIMES.get(short(item)) or item["points"] - repeated
        points = rows + STARTED_BEFORE.get(short(item), 0)
        expected_bpm = HEARD_AFTERWARDS.get(short(item)) or item.get("hr_avg") or 0
        beats = points if short(item) in HEARD_AFTERWARDS else item["hr_points"]
        positions = min(item.get("points_with_gps") or 0, points) - NULL_ISLAND.get(short(item), 0)
        heart_rate = column(found, "heart_rate_bpm")
        heart_rates = np.isfinite(heart_rate)
        average = heart_rate[heart_rates].mean() if heart_rates.any() else 0
        checks = {
            "points": sum(recording.points for recording in found) == points,
            "positions": abs(int(np.isfinite(column(found, "latitude_deg")).sum()) - positions) <= repeated,
            "heart rates": abs(int(heart_rates.sum()) - beats) <= repeated,
            "average": abs(average - expected_bpm) < (0.06 if not repeated else 0.7),
        }
        wrong += [f"{short(item)}: {name}" for name, right in checks.items() if not right]
    assert wrong == []


def test_a_file_that_is_no_recording_says_why(recordings: Path, activities: list[Item]) -> None:
    for item in activities:
        if short(item) in NOT_A_RECORDING:
            with pytest.raises(FormatError, match=NOT_A_RECORDING[short(item)]):
                read_recording((recordings / item["path"]).read_bytes(), item["path"])


def test_of_a_damaged_file_what_lies_before_the_damage_is_had(recordings: Path, activities: list[Item]) -> None:
    for item in activities:
        if short(item) in DAMAGED:
            contents = read_contents((recordings / item["path"]).read_bytes(), item["path"])
            points, warning = DAMAGED[short(item)]
            assert sum(recording.points for recording in contents.recordings) == points
            assert warning in contents.warnings[0]


def test_the_same_workout_in_three_formats_is_the_same(recordings: Path) -> None:
    names = ["fit/sports-lib__3939576645.fit", "gpx/sports-lib__3939576645.gpx.gz", "tcx/sports-lib__6791039036.tcx.gz"]
    fit, gpx, tcx = (read_recording((recordings / "activities" / name).read_bytes(), name)[0] for name in names)
    assert fit.sport == gpx.sport == tcx.sport == "cycling"
    assert fit.start_utc_s == gpx.start_utc_s == tcx.start_utc_s
    for name, step in [
        ("time_s", 0),
        ("latitude_deg", 1e-7),
        ("altitude_m", 0.21),
        ("heart_rate_bpm", 0),
        ("cadence_spm", 0),
    ]:
        np.testing.assert_allclose(gpx.columns[name], fit.columns[name], rtol=0, atol=step, err_msg=name)
        np.testing.assert_allclose(tcx.columns[name], fit.columns[name], rtol=0, atol=step, err_msg=name)
    np.testing.assert_allclose(tcx.columns["speed_m_s"], fit.columns["speed_m_s"], atol=1e-3)


@pytest.mark.parametrize(
    "path",
    [
        "fit/python-fitparse__garmin-fenix-5-run.fit",
        "fit/goldencheetah__FR55-CoreTemp-Walk.fit",
        "gpx/workoutizer__example.gpx",
        "gpx/strava_py__activity_7348460494.gpx.gz",
        "tcx/goldencheetah__10kUNLP2014-Garmin15.tcx.gz",
    ],
)
def test_any_damage_gives_one_format_error_or_a_recording(recordings: Path, path: str) -> None:
    data = (recordings / "activities" / path).read_bytes()
    dice = random.Random(7)
    for _ in range(60):
        damaged = bytearray(data[: dice.randrange(len(data))] if dice.random() < 0.3 else data)
        for _ in range(dice.randrange(1, 6)):
            if damaged:
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            assert read_recording(bytes(damaged), path)
        except FormatError as error:
            assert error.what
            assert error.where
