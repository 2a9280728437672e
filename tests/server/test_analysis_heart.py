"""Zones, training impulse, energy, drift: published examples, the wrist's own tables, courses with known answers."""

import ast
from pathlib import Path

import numpy as np
import pytest
from paceline_server.analysis.athlete import UNKNOWN, Athlete
from paceline_server.analysis.drift import heart_rate_drift
from paceline_server.analysis.energy import OTHER_MET, SPORT_MET, energy, met_hours
from paceline_server.analysis.heart_time import seconds_by_bpm
from paceline_server.analysis.quality import data_quality
from paceline_server.analysis.timer import cumulative_paused_s, row_seconds
from paceline_server.analysis.training_impulse import training_impulse
from paceline_server.analysis.zones import seconds_in_zones
from paceline_server.formats.recording import Pause

WRIST = Path(__file__).parents[2] / "firmware" / "wearable" / "workout"


def spent(**seconds: float) -> np.ndarray:
    """Seconds at heart rates, as {"at_130": 60}."""
    by_bpm = np.zeros(256)
    for name, value in seconds.items():
        by_bpm[int(name.removeprefix("at_"))] = value
    return by_bpm


def wrist_constant(file: str, name: str) -> bytes:
    """A constant of the firmware's source."""
    for node in ast.parse((WRIST / file).read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise LookupError(name)


def test_zones_are_seconds_and_a_floor_belongs_to_its_zone() -> None:
    heart_s = spent(at_99=5, at_100=7, at_119=1, at_120=2, at_180=4, at_255=3)
    assert seconds_in_zones(heart_s, (100, 120, 140, 160, 180)) == (5, 8, 2, 0, 0, 7)
    assert seconds_in_zones(heart_s, (100, 120, 140, 160, 300)) == (5, 8, 2, 0, 7, 0)
    assert sum(seconds_in_zones(heart_s, (1, 1, 1, 1, 1))) == heart_s.sum()


def test_zones_without_thresholds_are_the_wrists() -> None:
    percent = tuple(wrist_constant("zones.py", "_PERCENT"))
    for highest in range(120, 230):
        expected = tuple((highest * part + 99) // 100 for part in percent)  # zones_of() in workout/zones.py
        assert Athlete(max_heart_rate_bpm=highest).zone_floors_bpm == expected
    assert Athlete(age_years=40).highest_bpm == 180  # Tanaka: 208 - 0.7 × 40
    assert UNKNOWN.zone_floors_bpm is None
    assert Athlete(max_heart_rate_bpm=190, zones_bpm=(90, 110, 130, 150, 170)).zone_floors_bpm == (
        90,
        110,
        130,
        150,
        170,
    )


def test_seconds_by_heart_rate_leave_out_gaps_pauses_and_what_is_not_sure() -> None:
    time_s = np.array([0.0, 1, 2, 3, 63, 64, 74])
    heart = np.array([100.0, 101, np.nan, 101.4, 101, 102, 102])
    seconds = row_seconds(time_s, (Pause(64, 70),))
    assert seconds.tolist() == [0, 1, 1, 1, 60, 1, 4]
    by_bpm = seconds_by_bpm(heart, seconds)
    assert (by_bpm[100], by_bpm[101], by_bpm[102], by_bpm.sum()) == (0, 12, 5, 17)


@pytest.mark.parametrize(
    ("minutes", "bpm", "resting", "highest", "sex", "impulse"),
    [
        (30, 130, 40, 200, "male", 32),  # fellrnr.com, TRIMP, the example of TRIMP-exp
        (45, 150, 60, 190, "male", 75.36),  # calculatorhub.com, TRIMP training impulse calculator
    ],
)
def test_training_impulse_gives_the_published_examples(
    minutes: float, bpm: int, resting: float, highest: float, sex: str, impulse: float
) -> None:
    assert training_impulse(spent(**{f"at_{bpm}": 60 * minutes}), resting, highest, sex) == pytest.approx(
        impulse, abs=0.5
    )


def test_training_impulse_sums_seconds_and_not_the_mean() -> None:
    even = training_impulse(spent(at_150=3600), 50, 190, "male")
    intervals = training_impulse(spent(at_120=1800, at_180=1800), 50, 190, "male")
    assert intervals > 1.1 * even
    assert training_impulse(spent(at_40=3600), 50, 190, "male") == 0
    assert training_impulse(spent(at_220=60), 50, 190, "male") == pytest.approx(0.64 * np.exp(1.92))
    assert training_impulse(spent(at_220=60), 50, 190, "female") == pytest.approx(0.86 * np.exp(1.67))
    with pytest.raises(ValueError, match="not above"):
        training_impulse(even * spent(at_100=1), 60, 60, "male")


@pytest.mark.parametrize("sex", ["male", "female"])
def test_energy_by_heart_is_the_equation_of_the_paper_second_by_second(sex: str) -> None:
    age, mass = 42, 61.5
    chance = np.random.default_rng(4)
    heart = chance.integers(91, 190, 3000)
    man = 1 if sex == "male" else 0
    joules = 0.0
    for bpm in heart:  # kJ a minute, as printed: gender × (men) + (1 - gender) × (women)
        a_minute = man * (-55.0969 + 0.6309 * bpm + 0.1988 * mass + 0.2017 * age)
        a_minute += (1 - man) * (-20.4022 + 0.4472 * bpm - 0.1263 * mass + 0.074 * age)
        joules += max(a_minute, 1.3 * mass / 60 * 4.184) / 60
    by_bpm = np.bincount(heart, minlength=256).astype(float)
    found = energy(by_bpm, 0.0, 3000, Athlete(sex, age, mass))
    assert found.kcal == pytest.approx(joules / 4.184)
    assert found.basal_kcal == pytest.approx(mass * 3000 / 3600)


def test_energy_without_a_heart_is_that_of_the_compendium() -> None:
    hour = np.ones(3600)
    assert met_hours("running", np.full(3600, 2.7), hour, 0 * hour) == pytest.approx(9.8)  # 12050: 6 mph
    assert met_hours("running", np.full(3600, np.nan), hour, 0 * hour) == pytest.approx(9.8)
    assert met_hours("strength", np.full(3600, 2.7), 0 * hour, hour) == pytest.approx(1.3)
    assert energy(np.zeros(256), 9.8, 3600, Athlete(mass_kg=60)).kcal == pytest.approx(588)
    assert energy(np.zeros(256), 9.8, 3600, UNKNOWN).kcal == pytest.approx(686)  # 70 kg


@pytest.mark.parametrize(("sport", "name"), [("running", "_ON_FOOT"), ("walking", "_ON_FOOT"), ("cycling", "_RIDING")])
def test_energy_by_speed_is_the_wrists(sport: str, name: str) -> None:
    table = wrist_constant("calories.py", name)
    speeds, mets = np.array(list(table[::2])) / 10, np.array(list(table[1::2])) / 10
    for speed in np.arange(0, 12, 0.05):
        expected = np.interp(speed, speeds, mets)
        assert met_hours(sport, np.array([speed]), np.array([3600.0]), np.zeros(1)) == pytest.approx(expected)


def test_energy_of_a_sport_is_the_wrists() -> None:
    table = {"other": OTHER_MET, **SPORT_MET}
    rows = wrist_constant("sports.py", "_ROWS")
    names = ("other", "running", "walking", "hiking", "cycling", "swimming", "strength", "indoor")
    assert {name: rows[6 * number + 5] / 10 for number, name in enumerate(names)} == table


def test_drift_is_the_part_by_which_the_second_half_is_worse() -> None:
    rows = 3600
    moving_s, covered = np.arange(float(rows)), np.full(rows, 3.0)
    covered[0] = 0.0
    assert heart_rate_drift(np.full(rows, 150.0), moving_s, covered) == pytest.approx(0)
    heart = np.where(np.arange(rows) < rows / 2 - 1, 150.0, 157.5)
    assert heart_rate_drift(heart, moving_s, covered) == pytest.approx(1 - 150 / 157.5, abs=1e-3)  # 4.8 %
    heart[:300] = np.nan
    assert heart_rate_drift(heart, moving_s, covered) is None
    assert heart_rate_drift(np.full(1000, 150.0), moving_s[:1000], covered[:1000]) is None
    assert heart_rate_drift(np.full(rows, 150.0), moving_s, np.zeros(rows)) is None


def test_pauses_that_overlap_count_once() -> None:
    time_s = np.arange(11.0)
    paused = cumulative_paused_s(time_s, (Pause(6, 7.5), Pause(2, 4), Pause(3, 5), Pause(20, 30)))
    assert paused.tolist() == [0, 0, 0, 1, 2, 3, 3, 4, 4.5, 4.5, 4.5]


def test_quality_is_the_part_of_the_time_that_is_known() -> None:
    seconds = np.array([0.0, 1, 1, 1, 60, 1])  # of the minute's gap a row tells 10 s
    latitude = np.array([47.0, 47, np.nan, 47, 47, 47])
    heart = np.array([np.nan, 150, np.nan, np.nan, np.nan, np.nan])
    quality = data_quality(latitude, heart, seconds, 10)
    assert quality == pytest.approx((13 / 64, 1 / 64))
    assert data_quality(latitude[:1], heart[:1], seconds[:1], 10) == (0, 0)
