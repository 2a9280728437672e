"""A Recording holds only what a recording can be, and says what is wrong otherwise."""

import numpy as np
import pytest
from paceline_server.formats.errors import FormatError
from paceline_server.formats.recording import BOUNDS, OPTIONAL, Lap, Pause, Recording


def test_columns_that_are_not_given_are_missing_all_along() -> None:
    recording = Recording.of("running", "test", 1_700_000_000, {"time_s": [0, 1, 2.5], "speed_m_s": [1, np.nan, 3]})
    assert recording.points == 3
    assert recording.duration_s == 2.5
    assert set(recording.columns) == BOUNDS.keys() - OPTIONAL
    assert np.isnan(recording.columns["heart_rate_bpm"]).all()


def test_an_empty_recording_is_one() -> None:
    recording = Recording.of("other", "test", 0, {"time_s": []})
    assert (recording.points, recording.duration_s) == (0, 0.0)


def test_the_columns_cannot_be_written() -> None:
    given = np.array([0.0, 1.0])
    recording = Recording.of("other", "test", 0, {"time_s": given})
    with pytest.raises(ValueError, match="read-only"):
        recording.columns["time_s"][0] = 5
    given[0] = -0.0  # the caller's own array stays writable


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ({}, "columns"),
        ({"time_s": [0], "hart_rate": [1]}, "columns"),
        ({"time_s": [0, 1], "speed_m_s": [1]}, "speed_m_s"),
        ({"time_s": [0, 2, 2]}, "time_s, row 2"),
        ({"time_s": [0, 2, 1]}, "time_s, row 2"),
        ({"time_s": [np.nan]}, "time_s, row 0"),
        ({"time_s": [-1]}, "time_s, row 0"),
        ({"time_s": [0, 1], "heart_rate_bpm": [60, 0]}, "heart_rate_bpm, row 1"),
        ({"time_s": [0], "latitude_deg": [90.1], "longitude_deg": [0]}, "latitude_deg, row 0"),
        ({"time_s": [0, 1], "latitude_deg": [1, 1], "longitude_deg": [1, np.nan]}, "latitude_deg, row 1"),
        ({"time_s": [0], "speed_m_s": [np.inf]}, "speed_m_s, row 0"),
    ],
)
def test_a_wrong_column_is_named(columns: dict[str, list[float]], where: str) -> None:
    with pytest.raises(FormatError) as caught:
        Recording.of("running", "test", 0, columns)
    assert caught.value.where == where


def test_a_stretch_ends_after_its_start() -> None:
    with pytest.raises(FormatError, match="number 1"):
        Recording.of("running", "test", 0, {"time_s": [0, 9]}, laps=(Lap(0, 4), Lap(5, 4)))
    with pytest.raises(FormatError, match="pauses"):
        Recording.of("running", "test", 0, {"time_s": [0, 9]}, pauses=(Pause(3, 2),))
    with pytest.raises(FormatError, match="sport"):
        Recording.of("", "test", 0, {"time_s": []})
