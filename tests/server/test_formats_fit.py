"""FIT files give what an independent reader, fitdecode, finds in them."""

from pathlib import Path

import fitdecode
import numpy as np
import pytest
from paceline_server.formats.errors import FormatError
from paceline_server.formats.fit import FIELDS, read_fit
from paceline_server.formats.read import read_recording

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
        "goldencheetah__GarminSwimExample.fit",
    ],
)
def test_every_column_equals_an_independent_reader(recordings: Path, name: str) -> None:
    path = recordings / "activities" / "fit" / name
    (recording,) = read_fit(path.read_bytes())
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
    (run,) = read_fit(path.read_bytes())
    assert 160 < np.nanmedian(run.columns["cadence_spm"]) < 185
    (ride,) = read_fit((path.parent / "sports-lib__3939576645.fit").read_bytes())
    assert 50 < np.nanmedian(ride.columns["cadence_spm"]) < 100


def test_each_session_is_a_recording_of_its_own(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "fit-analyzer__20744294788_ACTIVITY.fit"
    ride, strength = read_fit(path.read_bytes())
    assert (ride.sport, strength.sport) == ("cycling", "strength")
    assert ride.start_utc_s + ride.duration_s < strength.start_utc_s


def test_timer_stops_are_pauses_and_laps_lie_in_the_recording(recordings: Path) -> None:
    path = recordings / "activities" / "fit" / "python-fitparse__garmin-edge-500-activity.fit"
    (ride,) = read_fit(path.read_bytes())
    moving_s = ride.duration_s - sum(pause.end_s - pause.start_s for pause in ride.pauses)
    assert abs(moving_s - 10641) < 60  # total_timer_time of the session
    assert len(ride.laps) == 9
    assert all(0 <= lap.start_s <= lap.end_s <= ride.duration_s + 1 for lap in ride.laps)
    assert all(after.start_s >= before.start_s for before, after in zip(ride.laps, ride.laps[1:], strict=False))


def test_a_file_cut_anywhere_is_an_error(recordings: Path) -> None:
    data = (recordings / "activities" / "fit" / "python-fitparse__garmin-fenix-5-run.fit").read_bytes()
    for end in range(12, len(data) - 2, 97):
        with pytest.raises(FormatError):
            read_recording(data[:end], "cut.fit")
