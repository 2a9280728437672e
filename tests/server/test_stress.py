"""Training stress and consistency, by hand and by the definitions of who made them."""

import numpy as np
import pytest
from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.consistency import consistency
from paceline_server.analysis.periods import means
from paceline_server.analysis.stress import stress
from paceline_server.analysis.training_impulse import impulse_of_an_hour

ANN = Athlete(
    sex="female",
    max_heart_rate_bpm=190,
    resting_heart_rate_bpm=50,
    threshold_bpm=170,
    threshold_pace_s_km=300,
    threshold_power_w=250,
)


def test_an_hour_at_the_threshold_is_100_by_whatever_it_is_told() -> None:
    by_power = stress(ANN, 3600, normalised_w=250, adjusted_m=1, impulse=1)
    by_pace = stress(ANN, 3600, adjusted_m=12_000, impulse=1)
    by_heart = stress(ANN, 3600, impulse=impulse_of_an_hour(170, 50, 190, "female"))
    for found, by in ((by_power, "power"), (by_pace, "pace"), (by_heart, "heart_rate")):
        assert found is not None and found.by == by
        assert (found.score, found.intensity) == pytest.approx((100, 1))


def test_coggans_formula_by_his_own_terms() -> None:
    # TSS = seconds × normalised power × intensity / (threshold power × 3600) × 100.
    found = stress(ANN, 5400, normalised_w=210)
    assert found is not None
    assert found.score == pytest.approx(5400 * 210 * (210 / 250) / (250 * 3600) * 100)


def test_without_a_threshold_nothing_is_told() -> None:
    assert (
        stress(Athlete(max_heart_rate_bpm=190, resting_heart_rate_bpm=50), 3600, normalised_w=200, impulse=80) is None
    )
    assert stress(ANN, 0, normalised_w=200) is None
    assert stress(ANN, 3600) is None


def test_values_of_days_are_a_mean_of_their_week() -> None:
    monday = 7 * 105_000 + 1
    found = means({monday: 50.0, monday + 6: 54.0, monday + 7: 60.0}, "week")
    assert found == {monday: 52.0, monday + 7: 60.0}
    assert means({}, "week") == {}


def test_consistency_is_of_the_whole_weeks_before_this_one() -> None:
    monday = 7 * 105_000 + 1  # day 1 was a Monday
    assert consistency(np.array([monday - 21]), monday) is None  # three weeks
    thrice = np.concatenate([monday - 7 * week + np.array([0, 2, 4, 4]) for week in range(1, 20)])
    found = consistency(np.append(thrice, monday + 1), monday + 2)
    assert found == (12, 1, 1, 3, 1)
    halves = np.concatenate([monday - 7 * week + np.array([1, 5]) for week in (2, 4, 6, 8)])
    found = consistency(halves, monday)
    assert found is not None
    assert found == pytest.approx((8, 0.5, 0, 1, 0.5))  # mean 1, standard deviation 1
    assert consistency(np.array([monday - 7 * 40]), monday) == (12, 0, 0, 0, 0)
    assert consistency(np.array([], np.int64), monday) is None
