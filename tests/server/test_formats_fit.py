"""FIT files give what an independent reader, fitdecode, finds in them."""

from itertools import pairwise
from pathlib import Path

import fitdecode
import numpy as np
import pytest
from paceline_server.formats.errors import FormatError
from paceline_server.formats.fit.reader import read_fit
from paceline_server.formats.fit.record_columns import FIELDS
from paceline_server.formats.read import read_contents

DEGREES = 180 / 2**31


def rows_of_fitdecode(path: Path) -> list[dict[str, float]]:
    rows: dict[float, dict[str, float]] = {}
    with fitdecode.FitReader(path, error_handling=fitdecode.ErrorHandling.IGNORE) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                values = {field.name: field.value for field in frame.fields if field.value is not None}
                values["timestamp"] = values["timestamp"].timestamp()
                rows.setdefault(values["timestamp"], values)
    return [rows[time] for time in sorted(rows)]


@pytest.mark.parametrize(
    "name",
    [
        "python-fitparse__garmin-fenix-5-run.fit",
        "workoutizer__with_nones.fit",  # no altitude
        "python-fitparse__2013-02-06-12-11-14.fit",  # header check sum 0, repeated times
        "gpsbabel__wahoo-element-bolt.fit",  # developer fields
        "fitfiler__garmin-fenix6-turbo.fit",  # no position
    ],
)
def test_every_column_equals_an_independent_reader(recordings: Path, name: str) -> None:
    path = recordings / "activities" / "fit" / name
    (recording,) = read_fit(path.read_bytes()).recordings
    rows = rows_of_fitdecode(path)
    assert recording.points == len(rows)
    for column, fields in FIELDS.items():
        scale = DEGREES if column in {"latitude_deg", "longitude_deg"} else 1.0
        expected = np.array(
            [next((row[field] for field in fields if field in row), np.nan) for row in rows], dtype=float
        )
        if column == "time_s":
            expected -= recording.start_utc_s
        np.testing.assert_allclose(recording.columns[column], expected * scale, rtol=0, atol=1e-9, err_msg=column)


def test_cadence_on_foot_counts_both_feet(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "sports-lib__6782987395.fit"
    (run,) = read_fit(path.read_bytes()).recordings
    assert 160 < np.nanmedian(run.columns["cadence_spm"]) < 185
    (ride,) = read_fit((path.parent / "sports-lib__3939576645.fit").read_bytes()).recordings
    assert 50 < np.nanmedian(ride.columns["cadence_spm"]) < 100


def test_each_session_is_a_recording_of_its_own(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "fit-analyzer__20744294788_ACTIVITY.fit"
    ride, strength = read_fit(path.read_bytes()).recordings
    assert (ride.sport, strength.sport) == ("cycling", "strength")
    assert ride.start_utc_s + ride.duration_s < strength.start_utc_s


def test_timer_stops_are_pauses_and_laps_lie_in_the_recording(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "python-fitparse__garmin-edge-500-activity.fit"
    (ride,) = read_fit(path.read_bytes()).recordings
    moving_s = ride.duration_s - sum(pause.end_s - pause.start_s for pause in ride.pauses)
    assert abs(moving_s - 10641) < 60  # total_timer_time of the session
    assert len(ride.laps) == 9
    assert all(0 <= lap.start_s <= lap.end_s <= ride.duration_s + 1 for lap in ride.laps)
    assert all(after.start_s >= before.start_s for before, after in zip(ride.laps, ride.laps[1:], strict=False))


def test_a_pool_swim_is_its_lengths(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "goldencheetah__GarminSwimExample.fit"
    (swim,) = read_fit(path.read_bytes()).recordings
    assert (len(swim.lengths), swim.lengths[0].pool_m, swim.lengths[0].strokes) == (95, 25, 7)
    assert all(one.end_s <= after.start_s for one, after in pairwise(swim.lengths))
    assert swim.columns["distance_m"][0] == 0
    assert swim.columns["distance_m"][-1] == 2375
    assert swim.pauses == ()  # the stops are laps of their own, in which the timer ran on: rests


def test_sets_are_repetitions_and_no_rests(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "fit-analyzer__20474406937_ACTIVITY.fit"
    (strength,) = read_fit(path.read_bytes()).recordings
    assert len(strength.sets) == 38
    assert [one.repetitions for one in strength.sets[:2]] == [1, 10]


def test_heart_rates_that_the_strap_gave_afterwards_are_in_the_rows(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "sports-lib__6688025408.fit"
    (swim,) = read_fit(path.read_bytes()).recordings
    heart_rate = swim.columns["heart_rate_bpm"]
    assert np.nanmax(heart_rate) == 146  # max_heart_rate of the session
    assert np.isfinite(heart_rate).all()


def test_compressed_speed_and_distance_are_unpacked(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "python-fitparse__compressed-speed-distance.fit"
    (run,) = read_fit(path.read_bytes()).recordings
    assert run.columns["distance_m"][-1] == pytest.approx(10248.67, abs=1)  # total_distance of the session


def test_chained_files_are_read_one_after_the_other(recordings: Path) -> None:
    folder = recordings / "activities" / "fit"
    parts = [(folder / name).read_bytes() for name in ("gpsbabel__fit-sample.fit", "pytrainer__sample.fit")]
    alone = [read_fit(part).recordings[0].points for part in parts]  # the second has a wrong check sum
    chained = read_fit(b"".join(parts))
    assert [recording.points for recording in chained.recordings] == alone
    assert chained.warnings == ()


def test_of_a_file_cut_anywhere_the_rows_before_the_cut_are_had(recordings: Path) -> None:
    data = (recordings / "activities" / "fit" / "python-fitparse__garmin-fenix-5-run.fit").read_bytes()
    (whole,) = read_fit(data).recordings
    points = []
    for end in range(12, len(data) - 2, 97):
        try:
            contents = read_contents(data[:end], "cut.fit")
        except FormatError as error:
            assert "Damaged FIT file" in error.what
        else:
            assert "damaged" in contents.warnings[0]
            points += [recording.points for recording in contents.recordings]
            np.testing.assert_array_equal(
                contents.recordings[0].columns["heart_rate_bpm"], whole.columns["heart_rate_bpm"][: points[-1]]
            )
    assert points == sorted(points)
    assert points[-1] == whole.points
