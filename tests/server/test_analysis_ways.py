"""Gradients, laps, pools and weights: published tables, and courses with known answers."""

import numpy as np
import pytest
from paceline_server.analysis.findings import by_bpm
from paceline_server.analysis.grade import grade_adjusted_steps_m, running_cost_j_kg_m
from paceline_server.analysis.heart_rate import beats_of
from paceline_server.analysis.laps import lap_metrics
from paceline_server.analysis.metrics import measure
from paceline_server.analysis.strength import one_repetition_maximum_kg, volume_kg
from paceline_server.analysis.swolf import swolf
from paceline_server.formats.recording import Lap, Length, Recording

# Minetti et al. 2002, J/(kg m) at gradients: measured mean and standard deviation, as in the abstract.
MINETTI = {-0.2: (1.73, 0.36), 0.0: (3.40, 0.24), 0.45: (18.93, 1.74)}


def test_the_cost_of_running_uphill_is_that_of_the_paper() -> None:
    for gradient, (mean, deviation) in MINETTI.items():
        assert float(running_cost_j_kg_m(np.array([gradient]))[0]) == pytest.approx(mean, abs=deviation)
    gradients = np.linspace(-0.45, 0.45, 19)
    by_the_book = 155.4 * gradients**5 - 30.4 * gradients**4 - 43.3 * gradients**3 + 46.3 * gradients**2
    assert running_cost_j_kg_m(gradients) == pytest.approx(by_the_book + 19.5 * gradients + 3.6)
    assert running_cost_j_kg_m(np.array([0.9]))[0] == running_cost_j_kg_m(np.array([0.45]))[0]


def test_a_steady_climb_counts_as_what_it_costs() -> None:
    distance_m = np.arange(0.0, 3000.0, 3.0)
    for gradient in (-0.1, 0.0, 0.05, 0.2):
        steps = grade_adjusted_steps_m(distance_m, 400 + gradient * distance_m)
        assert steps is not None and steps[0] == 0
        factor = float(running_cost_j_kg_m(np.array([gradient]))[0]) / 3.6
        assert steps.sum() == pytest.approx(distance_m[-1] * factor, rel=2e-3)


def test_noise_of_the_altitudes_hardly_lengthens_the_way() -> None:
    distance_m = np.arange(0.0, 10_000.0, 3.0)
    noise = np.random.default_rng(8).normal(0, 0.8, len(distance_m))
    steps = grade_adjusted_steps_m(distance_m, 400 + noise)
    assert steps is not None and 1 <= steps.sum() / distance_m[-1] < 1.01


def test_without_altitudes_or_a_way_nothing_is_adjusted() -> None:
    assert grade_adjusted_steps_m(np.arange(100.0), np.full(100, np.nan)) is None
    assert grade_adjusted_steps_m(np.zeros(100), np.full(100, 400.0)) is None
    held = grade_adjusted_steps_m(np.repeat(np.arange(100.0), 3), np.full(300, 400.0))  # with stands of three rows
    assert held is not None and held.sum() == pytest.approx(99)


def test_laps_are_cut_between_samples_and_add_up() -> None:
    time_s = np.arange(0.0, 602.0, 2.0)
    distance_m = 3.0 * time_s
    heart = np.where(time_s <= 201, 140.0, 160.0)
    laps = (Lap(0, 201), Lap(201, 450.5), Lap(450.5, 600))
    found = lap_metrics(laps, time_s, distance_m, time_s, None, beats_of(heart))
    assert [lap.distance_m for lap in found] == pytest.approx([603, 748.5, 448.5])
    assert sum(lap.moving_time_s for lap in found) == pytest.approx(600)
    assert [lap.heart_rate_avg_bpm for lap in found] == pytest.approx([140, 160, 160])
    assert [lap.ascent_m for lap in found] == [None] * 3
    assert lap_metrics((Lap(700, 800),), time_s, distance_m, time_s, None, beats_of(heart))[0] == (
        0,
        100,
        0,
        None,
        None,
        None,
    )
    assert lap_metrics(laps, time_s[:0], time_s[:0], time_s[:0], None, beats_of(time_s[:0])) == []


def test_swolf_is_seconds_and_strokes_of_a_length() -> None:
    lengths = [Length(0, 30, 15, 25), Length(30, 62, 17, 25), Length(62, 92, 0, 25)]  # of the last no strokes are known
    found = swolf(lengths)
    assert found is not None and found == pytest.approx((47, 16))
    assert swolf(lengths[2:]) is None


def test_strength_is_volume_and_the_load_lifted_once() -> None:
    assert volume_kg([(60, 10), (80, 5), (100, 0)]) == 1000
    # 100 kg five times: Epley 116.7 kg, Brzycki 112.5 kg; ten times both give 133.3 kg.
    assert one_repetition_maximum_kg(100, 5) == pytest.approx((116.667 + 112.5) / 2, abs=0.01)
    assert one_repetition_maximum_kg(100, 10) == pytest.approx(133.333, abs=0.01)
    assert one_repetition_maximum_kg(100, 1) == 100
    assert one_repetition_maximum_kg(100, 0) is None and one_repetition_maximum_kg(100, 11) is None


def test_a_run_is_found_out() -> None:
    rows = 1801
    time_s = np.arange(float(rows))
    heart = np.where(time_s < 900, 140.0, 150.0)
    columns = {"time_s": time_s, "speed_m_s": np.full(rows, 3.0), "heart_rate_bpm": heart}
    findings = measure(Recording.of("running", "test", 0.0, columns, laps=(Lap(0, 900), Lap(900, 1800)))).findings
    assert [effort.distance_m for effort in findings.efforts_by_distance[-2:]] == [3000, 5000]
    assert findings.efforts_by_distance[-1].duration_s == pytest.approx(5000 / 3)
    assert findings.heart_s == ((140, 899.0), (150, 901.0)) == findings.moving_heart_s
    assert by_bpm(findings.heart_s).sum() == 1800 == findings.timer_s
    assert findings.other_met_h == pytest.approx(0)
    assert findings.drift == pytest.approx(1 - 140 / 150, abs=1e-3)
    assert findings.grade_adjusted_m is None and findings.quality == (0, 1)
    assert [lap.distance_m for lap in findings.laps] == pytest.approx([2700, 2700])
    assert [mile.distance_m for mile in findings.miles] == pytest.approx([1609.344] * 3 + [5400 - 3 * 1609.344])
    assert [mile.duration_s for mile in findings.miles[:3]] == pytest.approx([1609.344 / 3] * 3)
    assert findings.miles[0].heart_rate_avg_bpm == 140


@pytest.mark.parametrize("rows", [0, 1, 2])
@pytest.mark.parametrize("sport", ["running", "cycling", "swimming", "strength", "other"])
def test_hardly_any_rows_are_found_out(rows: int, sport: str) -> None:
    findings = measure(Recording.of(sport, "test", 0.0, {"time_s": np.arange(float(rows))})).findings
    assert findings.efforts_by_distance == () and findings.drift is None
