"""A track is the recording again, second by second, and says what a perfect wearable would log of it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike
from paceline_protocol.sample import COLUMNS
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Recording
from paceline_tools.sample_route import sample_recording
from paceline_tools.track import expected_samples, pack_track, speed_from_positions, to_track, unpack_track


def line(time_s: ArrayLike, **columns: ArrayLike) -> Recording:
    return Recording.of("running", "test", 0, {"time_s": time_s, **columns})


def test_a_row_holds_the_recording_in_the_units_of_the_sensors() -> None:
    recording = line(
        [0, 1],
        latitude_deg=[1.23456789, -1],
        longitude_deg=[-2, 2],
        altitude_m=[100.25, 101],
        speed_m_s=[3.21, 3],
        heart_rate_bpm=[150, np.nan],
        cadence_spm=[170.4, 0],
    )
    first, second = to_track(recording).tolist()
    assert first == (0, 12345679, -20000000, 100250, 3210, 3, 150, 170, 0)
    assert second == (1, -10000000, 20000000, 101000, 3000, 3, 0, 0, 0)


def test_no_position_is_no_fix_and_repeats_the_last_one() -> None:
    recording = line([0, 1, 2], latitude_deg=[1, np.nan, 3], longitude_deg=[1, np.nan, 3], altitude_m=[5, 5, np.nan])
    track = to_track(recording, longest_filled_s=1)
    assert track["fix"].tolist() == [3, 0, 2]
    assert track["latitude_e7"].tolist() == [10**7, 10**7, 3 * 10**7]
    assert track["altitude_mm"].tolist() == [5000, 5000, 5000]


def test_short_gaps_are_filled_and_long_ones_stay() -> None:
    recording = line(
        [0, 4, 30, 31.4], latitude_deg=[0, 4e-5, 1, 1], longitude_deg=[0, 0, 0, 0], heart_rate_bpm=[100, 104, 120, 120]
    )
    track = to_track(recording)
    assert track["second"].tolist() == [0, 1, 2, 3, 4, 30, 31]
    assert track["latitude_e7"][:5].tolist() == [0, 100, 200, 300, 400]
    assert track["heart_rate_bpm"].tolist() == [100, 101, 102, 103, 104, 120, 120]


def test_a_missing_speed_comes_from_the_positions() -> None:
    second = np.arange(60)
    latitude = second * 3 / 111_195.08
    speed = speed_from_positions(second, latitude, np.zeros(60))
    np.testing.assert_allclose(speed, 3, rtol=1e-4)
    assert np.isnan(speed_from_positions(second, np.full(60, np.nan), np.full(60, np.nan))).all()
    track = to_track(line(second, latitude_deg=latitude, longitude_deg=np.zeros(60)))
    assert set(track["speed_mm_s"].tolist()) <= {2999, 3000, 3001}


def test_packing_is_the_inverse_of_unpacking() -> None:
    track = to_track(sample_recording(minutes=3))
    data = pack_track(track)
    assert len(data) == 8 + 22 * len(track)
    assert unpack_track(data).tolist() == track.tolist()


@pytest.mark.parametrize(
    "damage", [b"", b"PTRK", b"PTRX" + bytes(4), b"PTRK\x01\0\0\0", b"PTRK\x01\0\0\0\x05" + bytes(21)]
)
def test_a_damaged_track_is_refused(damage: bytes) -> None:
    with pytest.raises(ValueError, match="TRACK"):
        unpack_track(damage)


def test_the_expected_samples_are_rounded_and_within_bounds() -> None:
    recording = line(
        [0], latitude_deg=[-1.2345675], longitude_deg=[5], altitude_m=[-900], speed_m_s=[2.524], heart_rate_bpm=[60]
    )
    samples = {name: values[0] for name, values in expected_samples(to_track(recording)).items()}
    assert list(samples) == [name for name, _, _ in COLUMNS]
    assert samples["latitude_udeg"] == -1234567
    assert samples["altitude_2dm"] == -2500
    assert samples["speed_cm_s"] == 252
    assert (samples["heart_rate_bpm"], samples["heart_rate_confidence"]) == (60, 3)


def test_real_recordings_come_back_within_the_precision(recordings: Path) -> None:
    for name in ("sports-lib__6782987395.fit", "workoutizer__example.fit", "gpsbabel__fit-sample.fit"):
        (recording,) = read_recording((recordings / "activities" / "fit" / name).read_bytes(), name)
        track = to_track(recording)
        samples = expected_samples(track)
        rows = np.searchsorted(samples["t_s"], recording.columns["time_s"])
        known = np.isfinite(recording.columns["latitude_deg"])
        assert (samples["t_s"][rows] == recording.columns["time_s"]).all()
        assert ((samples["fix"][rows] > 0) == known).all()
        off = samples["latitude_udeg"][rows][known] / 1e6 - recording.columns["latitude_deg"][known]
        assert np.abs(off).max() < 0.6e-6


def test_the_sample_route_is_a_plausible_run_and_always_the_same() -> None:
    run, again, short = sample_recording(), sample_recording(), sample_recording(minutes=10)
    for name, values in run.columns.items():
        np.testing.assert_array_equal(values, again.columns[name])
        np.testing.assert_allclose(short.columns[name], values[:600], err_msg=name)
    assert run.points == 2400
    assert 6500 < run.columns["speed_m_s"].sum() < 8000
    assert np.nanmax(run.columns["heart_rate_bpm"]) < 185
    derived = speed_from_positions(np.arange(2400), run.columns["latitude_deg"], run.columns["longitude_deg"])
    assert np.abs(derived - run.columns["speed_m_s"]).mean() < 0.2
