"""VDOT, race times and VO2max: published tables, and courses with known answers."""

from datetime import date

import numpy as np
import pytest
from paceline_server.analysis.capacity_by_heart import capacities, capacity_by_heart_ml_kg_min
from paceline_server.analysis.race_form import capacity_now, capacity_series, predictions, race_form
from paceline_server.analysis.resting_trend import resting_trend
from paceline_server.analysis.running_capacity import THRESHOLD, race_s, riegel_s, speed_at_m_s, vdot
from paceline_server.stats.fields_over_time import running_fields
from paceline_server.stats.service import Standing
from server.made_histories import MIRAS, TODAY, Done, history

# Daniels' Running Formula, table 5.1: VDOT and seconds over 5 km, 10 km, half marathon, marathon.
TABLE = {
    40: (1448, 3003, 6659, 13_785),
    50: (1197, 2481, 5495, 11_449),
    60: (1023, 2122, 4689, 9805),
}
RACES = (5000, 10_000, 21_097.5, 42_195)


@pytest.mark.parametrize("capacity", TABLE)
def test_race_times_are_those_of_the_table(capacity: int) -> None:
    for metres, seconds in zip(RACES, TABLE[capacity], strict=True):
        assert race_s(capacity, metres) == pytest.approx(seconds, rel=0.002)
        assert vdot(metres, seconds) == pytest.approx(capacity, abs=0.1)


def test_the_threshold_pace_is_that_of_the_table() -> None:
    assert 1000 / speed_at_m_s(50, THRESHOLD[1]) == pytest.approx(255, abs=1)  # 4:15 a kilometre
    assert vdot(400, 60) is None and vdot(100_000, 36_000) is None


def test_riegels_time_is_that_of_his_formula() -> None:
    assert riegel_s(5000, 1200, 10_000) == pytest.approx(2502, abs=1)  # 20:00 over 5 km is 41:42 over 10 km


def test_vo2max_by_heart_is_that_of_the_equations() -> None:
    # 6 mph costs 32.2 + 3.5 ml/kg/min (ACSM); at 70 % of the reserve the whole of it is 46.0 and 3.5 at rest.
    speed, bpm = np.array([160.9 / 60]), np.array([50 + 0.7 * 140])
    found = capacity_by_heart_ml_kg_min(speed, bpm, np.array([50.0]), np.array([190.0]))
    assert found == pytest.approx([3.5 + 32.18 / 0.7], abs=0.01)
    for wrong in ((speed, bpm + 60), (speed / 2, bpm), (speed, bpm * np.nan)):
        assert np.isnan(capacity_by_heart_ml_kg_min(*wrong, np.array([50.0]), np.array([190.0]))).all()


def test_vo2max_now_is_the_median_of_six_weeks_of_runs() -> None:
    runs = [Done(day, 40, bpm=bpm, km=6.4) for day, bpm in ((1, 148), (5, 140), (9, 156), (60, 170))]
    others = [Done(3, 15, bpm=148), Done(4, 60, "cycling", 140, 25), Done(2, 40, bpm=None)]
    made = history([*runs, *others])
    found = capacity_now(made, MIRAS, TODAY)
    assert found is not None and found.runs == 3 and found.ml_kg_min == pytest.approx(3.5 + 32 / 0.7, abs=0.01)
    assert np.isnan(capacities(made, MIRAS)).sum() == 3
    months = capacity_series(made, MIRAS, "month")
    assert months.keys() == {date(2026, 3, 1).toordinal(), date(2026, 5, 1).toordinal()}
    assert capacity_now(history([]), MIRAS, TODAY) is None


def test_a_prediction_comes_from_the_effort_that_tells_most() -> None:
    slow = Done(5, 60, km=10, efforts=((5000, 1700), (10_000, 3500)))
    fast = Done(20, 30, km=6, efforts=((400, 50), (5000, 1197)))
    old = Done(120, 30, km=6, efforts=((5000, 1000),))
    form = race_form(history([slow, fast, old]), TODAY)
    assert form is not None and (form.distance_m, form.day) == (5000, TODAY - 20)
    told = {one.distance_m: one for one in predictions(form)}
    assert told[10_000].duration_s == pytest.approx(2481, rel=0.002) and told[10_000].reach == 2
    for one in told.values():
        assert one.shortest_s <= one.duration_s <= one.longest_s
    assert race_form(history([old]), TODAY) is None and race_form(history([Done(1, 60, "cycling")]), TODAY) is None


def test_the_statistics_tell_what_could_be_run() -> None:
    fast = Done(20, 30, bpm=148, km=6, efforts=((5000, 1197),))
    told = running_fields(Standing(history([fast]), TODAY, MIRAS))
    assert told is not None and (told["vdot"], told["vo2max_runs"]) == (50.0, 1)
    assert told["vo2max_ml_kg_min"] == pytest.approx(3.5 + 40 / 0.7, abs=0.1)
    (half,) = (one for one in told["races"] if one["distance_m"] == 21_097.5)
    assert half["shortest_s"] <= half["duration_s"] == pytest.approx(5495, rel=0.002)
    assert running_fields(Standing(history([Done(1, 30, "cycling")]), TODAY, MIRAS)) is None


def test_the_resting_trend_wants_enough_days() -> None:
    bpm = {TODAY - day: 50.0 for day in range(3, 31)} | {TODAY: 56.0, TODAY - 1: 54.0}
    trend = resting_trend(bpm, TODAY)
    assert trend == (55.0, 50.0, 28)
    assert resting_trend(bpm, TODAY + 2) is None and resting_trend({TODAY: 50.0, TODAY - 1: 50.0}, TODAY) is None
