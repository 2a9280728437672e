"""What is found in a recording that nobody told: spikes of the heart rate, intervals, rounds, steps, power."""

from itertools import pairwise

import numpy as np
import pytest
from paceline_server.analysis.cycling_power import BICYCLE_KG, RideWork, ride_work
from paceline_server.analysis.found_laps import found_laps
from paceline_server.analysis.heart_rate import beats_of
from paceline_server.analysis.heart_spikes import without_spikes
from paceline_server.analysis.intervals import intervals
from paceline_server.analysis.metrics import measure
from paceline_server.analysis.power import measured_power, normalised_power_w, power_by_second
from paceline_server.analysis.steps import cadence
from paceline_server.analysis.stretches import stretches_of
from paceline_server.formats.recording import Column, Pause, Recording

NAN = np.nan


def seconds(count: int) -> Column:
    return np.arange(float(count))


def test_spikes_and_drop_outs_are_taken_out_and_the_rest_is_left() -> None:
    heart = np.full(300, 140.0)
    heart[50:53] = 210
    heart[100:110] = 90  # contact lost
    heart[150] = 25
    heart[200:] = 175  # the run begins: it stays up
    cleaned = without_spikes(seconds(300), heart)
    gone = np.flatnonzero(np.isnan(cleaned))
    assert gone.tolist() == [50, 51, 52, *range(100, 110), 150]
    assert (cleaned[200:] == 175).all() and heart[50] == 210


def test_a_clean_heart_rate_is_the_same_array() -> None:
    heart = 140 + 30 * np.sin(seconds(600) / 60)
    assert without_spikes(seconds(600), heart) is heart
    rare = np.array([100.0, 150.0, 100.0])  # a minute apart: hearts can do that
    assert without_spikes(np.array([0.0, 60, 120]), rare) is rare
    unknown = np.full(5, NAN)
    assert without_spikes(seconds(5), unknown) is unknown


def test_a_spike_that_lasts_is_believed() -> None:
    heart = np.where((seconds(200) >= 100) & (seconds(200) < 125), 200.0, 140.0)
    assert not np.isnan(without_spikes(seconds(200), heart)).any()


@pytest.mark.parametrize("seed", range(4))
def test_made_spikes_are_found_and_only_they(seed: int) -> None:
    chance = np.random.default_rng(seed)
    clean = np.round(145 + 20 * np.sin(seconds(1800) / 150) + chance.normal(0, 1, 1800))
    broken = clean.copy()
    wrong = np.zeros(1800, bool)
    for start in chance.choice(np.arange(30, 1700, 60), 8, replace=False):
        length = int(chance.integers(1, 8))
        broken[start : start + length] += chance.choice((-60.0, 50.0))
        wrong[start : start + length] = True
    assert (np.isnan(without_spikes(seconds(1800), broken)) == wrong).all()


def run_at(*parts: tuple[int, float]) -> Column:
    """The way of parts of (seconds, metres a second), with some unrest in it."""
    speed = np.concatenate([np.full(length, metres) for length, metres in parts])
    unrest = np.random.default_rng(3).normal(0, 0.08, len(speed))
    return np.concatenate([[0.0], np.cumsum(np.maximum(speed + unrest * (speed > 0), 0))])


def test_intervals_are_found_where_they_were_run() -> None:
    way = run_at((600, 2.8), *[(180, 4.2), (90, 2.2)] * 5, (600, 2.8))
    found = intervals(seconds(len(way)), way)
    assert len(found) == 5
    for number, (start, end) in enumerate(found):
        assert start == pytest.approx(600 + 270 * number, abs=8) and end == pytest.approx(780 + 270 * number, abs=8)
    heart = np.where((seconds(len(way)) > 640) & (seconds(len(way)) < 780), 170.0, 140.0)
    first = stretches_of(found, seconds(len(way)), way, beats_of(heart))[0]
    assert first.distance_m == pytest.approx(180 * 4.2, rel=0.05) and 155 < (first.heart_rate_avg_bpm or 0) < 170


def test_standing_between_intervals_is_rest_when_they_are_alike() -> None:
    track = run_at((600, 2.8), *[(80, 5.0), (60, 0.0)] * 8)
    assert len(intervals(seconds(len(track)), track)) == 8
    lights = run_at((310, 3.0), (40, 0), (95, 3.0), (30, 0), (700, 3.0), (60, 0), (200, 3.0), (20, 0), (400, 3.0))
    assert intervals(seconds(len(lights)), lights) == []


@pytest.mark.parametrize(
    "way",
    [
        run_at((2400, 3.0)),
        run_at((1200, 2.8), (1200, 3.0)),
        run_at((1800, 2.8), (120, 4.5)),
        np.array([0.0]),
        np.zeros(900),
        np.concatenate([[0.0], np.cumsum(3 + 0.35 * np.sin(seconds(3000) / 60))]),
    ],
    ids=["even", "faster", "sprint", "nothing", "standing", "hills"],
)
def test_other_runs_have_no_intervals(way: Column) -> None:
    assert intervals(seconds(len(way)), way) == []


def around(rounds: float, radius_m: float, *, before_s: int = 0, speed: float = 3.0) -> tuple[Column, Column, Column]:
    """Latitude, longitude and way of a straight way to a circle, and rounds on it, with the noise of a receiver."""
    chance = np.random.default_rng(5)
    length = int(rounds * 2 * np.pi * radius_m / speed)
    angle = np.concatenate([np.zeros(before_s), speed * np.arange(length) / radius_m])
    to_it = np.concatenate([speed * np.arange(-before_s, 0.0), np.zeros(length)])
    east = radius_m * np.cos(angle) + chance.normal(0, 2, len(angle))
    north = radius_m * np.sin(angle) + to_it + chance.normal(0, 2, len(angle))
    return 47 + north / 111_195, 8 + east / (111_195 * np.cos(np.radians(47))), speed * seconds(len(angle))


@pytest.mark.parametrize("before_s", [0, 300])
def test_rounds_of_a_track_are_found(before_s: int) -> None:
    latitude, longitude, way = around(8.4, 63.66, before_s=before_s)  # 400 m
    found = found_laps(seconds(len(way)), latitude, longitude, way)
    assert 7 <= len(found) <= 8
    for start, end in found:
        assert end - start == pytest.approx(400 / 3, rel=0.06)
    assert all(one[1] == other[0] for one, other in pairwise(found))


def test_there_and_back_makes_no_rounds() -> None:
    latitude, longitude, way = around(2.5, 200.0)
    assert found_laps(seconds(len(way)), latitude, longitude, way) == []
    out = np.concatenate([np.arange(600.0), np.arange(600.0)[::-1]] * 2)
    north = 47 + 3 * out / 111_195
    assert found_laps(seconds(2400), north, np.full(2400, 8.0), 3 * seconds(2400)) == []
    assert found_laps(seconds(2400), np.full(2400, NAN), np.full(2400, NAN), 3 * seconds(2400)) == []


def test_steps_have_a_rate_and_a_length() -> None:
    rate = np.where(seconds(600) < 100, 0.0, 170.0)
    found = cadence(rate, np.ones(600), np.full(600, 3.0), on_foot=True)
    assert found is not None and found.mean_spm == 170 and found.step_m == pytest.approx(3 / (170 / 60))
    ride = cadence(np.full(600, 85.0), np.ones(600), np.full(600, 8.0), on_foot=False)
    assert ride == (85.0, None)
    assert cadence(np.full(600, NAN), np.ones(600), np.full(600, 3.0), on_foot=True) is None


def test_power_on_the_flat_and_on_a_climb_is_that_of_the_equation() -> None:
    # 10 m/s on the flat at sea level, 75 kg and 9 kg: 84·9.81·0.005·10 + 0.5·1.225·0.35·1000 = 41.2 + 214.4, by 0.976.
    flat = ride_work(seconds(1200), 10 * seconds(1200), np.zeros(1200), np.ones(1200))
    assert flat is not None and flat.mean_w(75) == pytest.approx(
        261.9 + 84 * 10**2 / 2 / 1200, rel=0.006
    )  # and the start
    # 4 m/s at 8 % with 84 kg: 84·9.81·(0.005 + 0.08)·4 + 0.5·1.225·0.35·64 = 280.2 + 13.7.
    way = 4 * seconds(1800)
    climb = ride_work(seconds(1800), way, 0.08 * way, np.ones(1800))
    assert climb is not None and climb.mean_w(75) == pytest.approx(301, rel=0.02)
    down = ride_work(seconds(600), 12 * seconds(600), 2000 - 0.08 * 12 * seconds(600), np.ones(600))
    assert down is not None and down.mean_w(75) < 15
    assert RideWork(100.0, 5000.0, 100.0).mean_w(71) == 100 * (71 + BICYCLE_KG) / 100 + 50
    assert ride_work(seconds(1200), 10 * seconds(1200), np.full(1200, NAN), np.ones(1200)) is None
    assert ride_work(seconds(100), 10 * seconds(100), np.zeros(100), np.ones(100)) is None


def test_measured_power_is_told_with_its_normalised_one() -> None:
    watts = np.where(seconds(1800) % 120 < 60, 300.0, 100.0)
    found = measured_power(seconds(1800), watts)
    assert found is not None and found.mean_w == pytest.approx(200) and found.highest_w == 300
    assert found.normalised_w == pytest.approx(normalised_power_w(watts))
    assert found.normalised_w is not None and found.normalised_w > 225
    assert dict(found.curve)[60.0] == pytest.approx(300, abs=6) and dict(found.curve)[1800 - 600.0] > 195
    short = measured_power(seconds(600), watts[:600])
    assert short is not None and short.normalised_w is None
    assert measured_power(seconds(600), np.full(600, NAN)) is None
    assert measured_power(np.array([0.0, 400 * 86_400.0]), np.array([200.0, 200.0])) is None  # no array of its seconds


def test_power_by_second_leaves_pauses_out_and_holds_for_ten_seconds() -> None:
    time_s = np.array([0.0, 1, 2, 32, 33])
    by_second = power_by_second(time_s, np.array([100.0, 110, 120, 130, 140]), (Pause(5, 15),))
    assert len(by_second) == 34 - 10
    assert by_second[:3].tolist() == [100, 110, 120] and by_second[-2:].tolist() == [130, 140]
    assert np.isnan(by_second[6:-2]).all()  # beyond ten seconds nothing is known


def test_a_recording_has_all_of_it() -> None:
    way = run_at((600, 2.8), *[(180, 4.2), (90, 2.2)] * 4)
    heart = np.full(len(way), 150.0)
    heart[300:303] = 220
    recording = Recording.of(
        "running",
        "test",
        0.0,
        {
            "time_s": seconds(len(way)),
            "distance_m": way,
            "heart_rate_bpm": heart,
            "cadence_spm": np.full(len(way), 170.0),
        },
    )
    metrics = measure(recording)
    assert metrics.heart_rate_max_bpm == 150 and len(metrics.findings.intervals) == 4
    assert metrics.findings.cadence is not None and metrics.findings.rounds == ()
    assert recording.columns["heart_rate_bpm"][301] == 220  # what was recorded is kept
