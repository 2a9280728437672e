"""Heart rate and cadence from made-up sensor streams."""

import math

from firmware.nor_flash import Dice
from wearable.signal.cadence import Cadence
from wearable.signal.heart_rate import HeartRate


def _noise(dice: Dice, size: int) -> int:
    return dice.below(2 * size + 1) - size if size else 0


def _heart(bpm: int, seconds: int, *, pulse: int = 800, noise: int = 0, level: int = 60_000, notch: float = 0.3):
    """Yield the heart rate after each second of a PPG: two bumps a beat on a level, which the blood darkens."""
    heart = HeartRate()
    dice = Dice(bpm)
    for i in range(seconds * 25):
        phase = bpm * i / 1500 % 1
        beat = math.exp(-(((phase - 0.2) / 0.1) ** 2)) + notch * math.exp(-(((phase - 0.5) / 0.12) ** 2))
        heart.put(level - int(pulse * beat) + _noise(dice, noise))
        if i % 25 == 24:
            yield heart


def test_a_clean_pulse_is_followed_within_3_bpm() -> None:
    for bpm in range(50, 201, 10):
        for second, heart in enumerate(_heart(bpm, 20)):
            if second >= 9:
                assert abs(heart.bpm - bpm) <= 3, (bpm, second, heart.bpm)
                assert heart.confidence >= 2 and heart.worn


def test_a_strong_second_bump_does_not_double_the_rate() -> None:
    for bpm in (50, 75, 110):
        for second, heart in enumerate(_heart(bpm, 14, notch=0.7)):
            assert second < 9 or abs(heart.bpm - bpm) <= 3, (bpm, heart.bpm)


def test_a_pulse_in_noise_is_right_or_unsure() -> None:
    for bpm in (60, 100, 160):
        for second, heart in enumerate(_heart(bpm, 20, noise=250)):
            assert second < 9 or heart.confidence < 2 or abs(heart.bpm - bpm) <= 4, (bpm, heart.bpm)


def test_flat_light_gives_nothing() -> None:
    for heart in _heart(70, 15, pulse=0):
        assert (heart.bpm, heart.confidence) == (0, 0)


def test_noise_is_never_trusted() -> None:
    for seed in (3, 5, 7):
        for heart in _heart(seed, 40, pulse=0, noise=300):
            assert heart.confidence <= 1


def test_without_skin_there_is_no_pulse() -> None:
    for heart in _heart(70, 15, level=2_000, pulse=300):
        assert not heart.worn and heart.bpm == 0


def test_a_changing_pulse_is_followed() -> None:
    heart = HeartRate()
    phase = 0.0
    for second in range(120):
        bpm = 90 + second // 2
        for _ in range(25):
            phase += bpm / 1500
            heart.put(60_000 - int(900 * math.exp(-(((phase % 1 - 0.2) / 0.1) ** 2))))
        assert second < 10 or abs(heart.bpm - bpm) <= 4, (second, heart.bpm, bpm)


def _steps(spm: int, seconds: int, strength: float = 0.3, swing: float = 0.0) -> Cadence:
    cadence = Cadence()
    dice = Dice(spm + 1)
    for i in range(seconds * 26):
        turn = 2 * math.pi * spm * i / (60 * 26)
        g = 1 + strength * math.sin(turn) + swing * math.sin(turn / 2)
        cadence.put(int(4098 * 0.6 * g), int(4098 * 0.8 * g), _noise(dice, 80))
    return cadence


def test_a_steady_step_is_counted() -> None:
    for spm in range(60, 221, 20):
        cadence = _steps(spm, 20)
        assert abs(cadence.spm - spm) <= 2, (spm, cadence.spm)
        # The first three seconds are needed to find the rhythm.
        assert abs(cadence.steps - spm * 17 // 60) <= spm // 30 + 1, (spm, cadence.steps)


def test_the_swing_of_the_arm_is_not_taken_for_the_step() -> None:
    for spm in (100, 120, 160, 180):
        assert abs(_steps(spm, 15, swing=0.15).spm - spm) <= 3, spm


def test_lying_still_is_no_step() -> None:
    cadence = _steps(0, 30)
    assert (cadence.spm, cadence.steps) == (0, 0)
