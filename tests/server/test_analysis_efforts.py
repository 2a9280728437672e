"""Best efforts and mean-maximal curves: exact, held against windows tried one by one."""

import random
from bisect import bisect_right

import numpy as np
import pytest
from paceline_server.analysis.best_efforts import FASTEST_ON_FOOT_M_S, MILE_M, best_efforts
from paceline_server.analysis.mean_max import POWER_S, mean_max_curve
from paceline_server.analysis.power import normalised_power_w
from paceline_server.analysis.windows import evened, largest_rise, shortest_span

SEEDS = range(8)


def at(points: list[tuple[float, float]], x: float) -> float:
    """The value of a polygon at x, read by hand."""
    place = min(max(bisect_right(points, (x, float("inf"))), 1), len(points) - 1)
    (x0, y0), (x1, y1) = points[place - 1], points[place]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def walk(seed: int, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Times with gaps and distances with stops."""
    chance = random.Random(seed)
    time_s = np.cumsum([chance.choice((1, 1, 1, 0.5, 2, 7)) for _ in range(rows)])
    speeds = [chance.choice((0, 0, 2, 3, 4)) + chance.random() * (chance.random() < 0.8) for _ in range(rows)]
    steps = np.where(np.array(speeds) < 1, 0, np.array(speeds)) * np.diff(time_s, prepend=time_s[0])
    return time_s, np.cumsum(steps)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_window_is_shorter_than_the_best_effort_and_it_is_there(seed: int) -> None:
    time_s, distance_m = walk(seed)
    chance = random.Random(seed + 100)
    points = list(zip(time_s.tolist(), distance_m.tolist(), strict=True))
    for metres in (50, 123.4, 400, distance_m[-1]):
        found = shortest_span(time_s, distance_m, metres)
        assert found is not None
        span, start = found
        assert at(points, start + span) - at(points, start) == pytest.approx(metres, abs=1e-6)
        for _ in range(3000):
            begin = chance.uniform(time_s[0], time_s[-1] - span)
            assert at(points, begin + span) - at(points, begin) <= metres + 1e-6
    assert shortest_span(time_s, distance_m, distance_m[-1] + 0.01) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_shortest_span_that_ends_in_a_stand_ends_where_the_stand_begins(seed: int) -> None:
    metres = np.cumsum(np.random.default_rng(seed).integers(0, 2, 300)).astype(float)  # a metre a second, or none
    for rise in (1.0, 7.0, 60.0):
        begins = np.flatnonzero(metres + rise <= metres[-1])
        spans = metres.searchsorted(metres[begins] + rise) - begins
        found = shortest_span(np.arange(300.0), metres, rise)
        assert found is not None and found[0] == spans.min()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_window_gains_more_than_the_largest_rise_and_it_is_there(seed: int) -> None:
    time_s, distance_m = walk(seed)
    chance = random.Random(seed)
    points = list(zip(time_s.tolist(), distance_m.tolist(), strict=True))
    for width in (10.0, 33.3, 200.0, time_s[-1] - time_s[0]):
        found = largest_rise(time_s, distance_m, width)
        assert found is not None
        rise, start = found
        assert at(points, start + width) - at(points, start) == pytest.approx(rise, abs=1e-6)
        for _ in range(3000):
            begin = chance.uniform(time_s[0], time_s[-1] - width)
            assert at(points, begin + width) - at(points, begin) <= rise + 1e-6
    assert largest_rise(time_s, distance_m, time_s[-1]) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_even_steps_give_what_uneven_ones_give(seed: int) -> None:
    time_s = np.arange(500.0)
    climbed = np.cumsum(np.random.default_rng(seed).random(500))
    assert evened(time_s, climbed)[2] == 1.0
    for width in (1.0, 60.0, 499.0):
        quick, slow = largest_rise(time_s, climbed, width, 1.0), largest_rise(time_s, climbed, width)
        assert quick is not None and slow is not None and quick == pytest.approx(slow)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_curve_that_is_filled_up_is_the_same_curve(seed: int) -> None:
    chance = np.random.default_rng(seed)
    time_s = 0.25 + np.cumsum(chance.integers(1, 4, 300)).astype(float)
    climbed = np.cumsum(chance.random(300))
    filled_s, filled, step = evened(time_s, climbed)
    assert step == 1.0 and len(filled_s) == time_s[-1] - time_s[0] + 1
    for width in (1.0, 7.0, 60.0, time_s[-1] - time_s[0]):
        quick, slow = largest_rise(filled_s, filled, width, step), largest_rise(time_s, climbed, width)
        assert quick is not None and slow is not None and quick[0] == pytest.approx(slow[0])
    sparse, halves = np.array([0.0, 1.0, 5000.0]), np.array([0.0, 1.5, 2.0])
    assert evened(sparse, sparse)[2] is None and evened(halves, halves)[2] is None
    assert evened(sparse[:1], sparse[:1])[2] is None


def test_the_best_mile_begins_and_ends_between_samples() -> None:
    # 3 m/s, but for 300 s at 5 m/s from 1000 s on: 1500 m, and the missing 109.344 m at 3 m/s.
    time_s = np.arange(2001.0)
    speed = np.where((time_s > 1000) & (time_s <= 1300), 5.0, 3.0)
    speed[0] = 0.0
    by_distance, by_time = best_efforts(time_s, np.cumsum(speed), "running")
    efforts = {effort.distance_m: effort for effort in by_distance}
    assert efforts[MILE_M].duration_s == pytest.approx(300 + (MILE_M - 1500) / 3)
    assert efforts[1000].duration_s == pytest.approx(200)
    assert [effort.duration_s for effort in by_time] == [720.0, 1800.0]
    assert by_time[0].distance_m == pytest.approx(1500 + 420 * 3)
    assert max(efforts) == 5000  # 6,600 m in all: no 10 km


def test_a_stop_is_part_of_an_effort_only_in_its_middle() -> None:
    time_s = np.array([0.0, 100.0, 400.0, 500.0])  # 400 m, five minutes at the lights, 400 m
    distance_m = np.array([0.0, 400.0, 400.0, 800.0])
    by_distance, _ = best_efforts(time_s, distance_m, "running")
    assert by_distance[0][:2] == (400, 100) and by_distance[0].start_s in (0, 400)
    assert shortest_span(time_s, distance_m, 800.0) == (500.0, 0.0)


def test_a_jump_of_the_positions_makes_no_record() -> None:
    time_s = np.arange(601.0)
    distance_m = 3 * time_s + np.where(time_s > 300, 900.0, 0.0)
    by_distance, _ = best_efforts(time_s, distance_m, "running")
    best = {effort.distance_m: effort.duration_s for effort in by_distance}
    assert best[400] == pytest.approx(1 + (400 - FASTEST_ON_FOOT_M_S) / 3)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows_have_no_efforts(rows: int) -> None:
    assert best_efforts(np.arange(float(rows)), np.zeros(rows), "running") == ((), ())
    assert best_efforts(np.arange(10.0), np.arange(10.0), "strength") == ((), ())
    assert mean_max_curve(np.arange(float(rows)), np.full(rows, 90.0)) == ()


def test_the_power_curve_is_that_of_every_window_tried() -> None:
    power_w = np.random.default_rng(2).integers(0, 600, 900).astype(float)
    curve = dict(mean_max_curve(np.arange(900.0), power_w, POWER_S))
    for seconds in (1, 5, 60, 300):
        # A value stands for the second before its row, so the first row stands for nothing.
        tried = [power_w[first : first + seconds].mean() for first in range(1, 900 - seconds + 1)]
        assert curve[float(seconds)] == pytest.approx(max(tried))
    assert max(curve) == 600.0


def test_what_is_missing_only_lowers_the_curve() -> None:
    time_s = np.concatenate([np.arange(300.0), np.arange(600.0, 900.0)])
    whole = dict(mean_max_curve(time_s, np.full(600, 150.0)))
    assert whole[60.0] == pytest.approx(150) and whole[600.0] < 90  # five minutes of the ten are not known
    heart = np.full(600, 150.0)
    heart[100:130] = np.nan
    assert dict(mean_max_curve(time_s, heart))[120.0] == pytest.approx(150)
    even = mean_max_curve(np.arange(0.0, 6000.0, 60.0), np.full(100, 150.0))  # a value a minute holds for 10 s of it
    assert dict(even)[600.0] == pytest.approx(25)


def test_normalised_power_agrees_with_the_one_summed_by_hand() -> None:
    power_w = np.random.default_rng(1).normal(200, 80, 1200).clip(0)
    means = [sum(power_w[end - 30 : end]) / 30 for end in range(30, len(power_w) + 1)]
    assert normalised_power_w(power_w) == pytest.approx((sum(mean**4 for mean in means) / len(means)) ** 0.25)
    assert normalised_power_w(np.full(600, 250.0)) == pytest.approx(250)
    assert normalised_power_w(power_w[:29]) is None
