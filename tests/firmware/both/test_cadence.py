"""Steps and cadence from made-up accelerometer streams."""

import math

from firmware.nor_flash import Dice
from wearable.signal.cadence import SAMPLE_RATE_HZ, Cadence

G = 4098


def _noise(dice: Dice, size: int) -> int:
    return dice.below(2 * size + 1) - size


def _walk(cadence: Cadence, spm: int, seconds: int, strength: float = 0.3, swing: float = 0.0) -> None:
    """Give steps of that strength in g; the arm swings once in two of them."""
    dice = Dice(spm + 1)
    for i in range(seconds * SAMPLE_RATE_HZ):
        turn = 2 * math.pi * spm * i / (60 * SAMPLE_RATE_HZ)
        g = 1 + strength * math.sin(turn) + swing * math.sin(turn / 2)
        cadence.put(int(G * 0.6 * g), int(G * 0.8 * g), _noise(dice, 80))


def _walked(spm: int, seconds: int, strength: float = 0.3, swing: float = 0.0) -> Cadence:
    cadence = Cadence()
    _walk(cadence, spm, seconds, strength, swing)
    return cadence


def test_a_steady_step_is_counted_from_the_first_one() -> None:
    for spm in range(60, 221, 20):
        cadence = _walked(spm, 60, strength=0.15 if spm < 80 else 0.3)
        assert abs(cadence.spm - spm) <= 2, (spm, cadence.spm)
        # A second or two go into the movement's size and into the second that is not yet full.
        assert -4 * spm // 60 <= cadence.steps - spm <= 2, (spm, cadence.steps)


def test_the_swing_of_the_arm_is_not_taken_for_the_step() -> None:
    for spm in (100, 120, 140, 160):
        assert abs(_walked(spm, 20, swing=0.15).spm - spm) <= 3, spm
    for spm in (150, 165, 180, 195):
        for swing in (0.2, 0.4, 0.8):
            assert abs(_walked(spm, 20, strength=0.8, swing=swing).spm - spm) <= 3, (spm, swing)


def test_a_slow_walk_of_single_impacts_is_counted() -> None:
    cadence = Cadence()
    dice = Dice(5)
    for i in range(120 * SAMPLE_RATE_HZ):
        impact = math.exp(-(((i % 31 - 8) / 2.5) ** 2))  # 50.3 a minute
        cadence.put(_noise(dice, 60), int(G * (1 + 0.35 * impact)) + _noise(dice, 60), 0)
    assert abs(cadence.spm - 50) <= 2, cadence.spm
    assert abs(cadence.steps - 100) <= 6, cadence.steps


def test_lying_still_is_no_step() -> None:
    cadence = _walked(0, 30)
    assert (cadence.spm, cadence.steps) == (0, 0)


def test_a_short_burst_is_no_walk() -> None:
    cadence = Cadence()
    for _ in range(6):
        _walk(cadence, 110, 4)
        _walk(cadence, 0, 15)
    assert cadence.steps == 0, cadence.steps


def test_the_count_stops_with_the_walk() -> None:
    cadence = _walked(110, 60)
    _walk(cadence, 0, 3)
    assert cadence.spm == 0
    _walk(cadence, 0, 30)
    assert abs(cadence.steps - 110) <= 5, cadence.steps


def test_hands_that_move_without_a_rhythm_do_not_walk() -> None:
    cadence = Cadence()
    dice = Dice(9)
    x = y = 0
    for i in range(300 * SAMPLE_RATE_HZ):
        if i % (5 + dice.below(12)) == 0:
            x, y = _noise(dice, 1200), _noise(dice, 1200)
        cadence.put(x, G + y, _noise(dice, 100))
    assert cadence.steps <= 5 * 30, cadence.steps


def test_any_sample_is_taken() -> None:
    dice = Dice(3)
    cadence = Cadence()
    for i in range(60 * SAMPLE_RATE_HZ):
        extreme = i // 50 % 4
        if extreme == 0:
            cadence.put(-32768, -32768, -32768)
        elif extreme == 1:
            cadence.put(0, 0, 0)
        else:
            cadence.put(_noise(dice, 32767), _noise(dice, 32767), _noise(dice, 32767))
    assert 0 <= cadence.spm <= 235 and cadence.steps >= 0


def test_lost_samples_cost_the_walk_but_no_step_counted_before() -> None:
    cadence = _walked(120, 30)
    before = cadence.steps
    cadence.restart()
    assert (cadence.spm, cadence.steps) == (0, before)
    _walk(cadence, 120, 30)
    assert abs(cadence.steps - 120) <= 8, cadence.steps
