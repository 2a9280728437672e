"""Heart rate from made-up light, without motion."""

import math

from firmware.nor_flash import Dice
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
            if second >= 10:
                assert abs(heart.bpm - bpm) <= 3, (bpm, second, heart.bpm)
                assert heart.confidence >= 2 and heart.worn


def test_a_strong_second_bump_does_not_double_the_rate() -> None:
    for bpm in (50, 75, 110):
        for second, heart in enumerate(_heart(bpm, 14, notch=0.7)):
            assert second < 10 or abs(heart.bpm - bpm) <= 3, (bpm, heart.bpm)


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


def test_light_that_moves_more_than_any_pulse_is_not_trusted() -> None:
    for heart in _heart(80, 20, pulse=12_000):
        assert heart.confidence <= 1


def test_without_skin_there_is_no_pulse() -> None:
    for heart in _heart(70, 15, level=2_000, pulse=300):
        assert not heart.worn and heart.bpm == 0


def test_light_at_the_ends_of_its_range_breaks_nothing() -> None:
    heart = HeartRate()
    for i in range(40 * 25):
        heart.put(262_143 if i // 100 % 2 else 0)
        heart.move(32_767 if i & 1 else -32_768, -32_768, 32_767)
        assert 0 <= heart.bpm <= 220 and 0 <= heart.confidence <= 3


def test_a_sensor_put_on_again_is_sure_within_12_seconds() -> None:
    heart = HeartRate()
    for second in range(60):
        taken_off = 20 <= second < 30
        for i in range(25):
            beat = int(500 * math.sin(2 * math.pi * 70 * (25 * second + i) / 1500))
            heart.put(800 if taken_off else 60_000 + beat)
        if second == 20:
            continue  # the level falls within a second
        assert heart.worn == (not taken_off)
        if taken_off or 30 <= second < 34:
            assert (heart.bpm, heart.confidence) == (0, 0)
        if second >= 42:
            assert abs(heart.bpm - 70) <= 2 and heart.confidence >= 2


def test_a_changing_pulse_is_followed() -> None:
    heart = HeartRate()
    phase = 0.0
    for second in range(120):
        bpm = 90 + second // 2
        for _ in range(25):
            phase += bpm / 1500
            heart.put(60_000 - int(900 * math.exp(-(((phase % 1 - 0.2) / 0.1) ** 2))))
        assert second < 10 or abs(heart.bpm - bpm) <= 4, (second, heart.bpm, bpm)
