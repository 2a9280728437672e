"""Heart rate from made-up light that moves with the steps as well."""

import math

from firmware.nor_flash import Dice
from wearable.signal.heart_rate import HeartRate

_TURN = 2 * math.pi


def _run(seconds: int, bpm: int, spm: int, *, rise_8ths: int = 0, pulse: int, swing: int, felt: bool = True):
    """Yield second, true rate and heart rate; the rate rises by `rise_8ths` a second.

    The arm swings once in two steps; `swing` is the light's part of it. `felt` False: the acceleration is not given.
    """
    heart = HeartRate()
    dice = Dice(seconds)
    beat = step = 0.0
    for second in range(seconds):
        true_bpm = bpm + rise_8ths * second // 8
        for i in range(26):
            turn = step + _TURN * spm * i / (60 * 26)
            arm = int(1200 * math.sin(turn / 2) + 1600 * math.sin(turn + 1))
            if felt:
                heart.move(arm, 3000 + arm // 2, int(2000 * math.sin(turn)) + dice.below(100))
        for i in range(25):
            turn = step + _TURN * spm * i / (60 * 25)
            blood = math.sin(beat + _TURN * true_bpm * i / (60 * 25))
            moved = math.sin(turn + 0.4) + 0.7 * math.sin(turn / 2) + 0.3 * math.sin(2 * turn)
            heart.put(60_000 + int(pulse * blood + swing * moved) + dice.below(100))
        beat += _TURN * true_bpm / 60
        step += _TURN * spm / 60
        yield second, true_bpm, heart


def test_a_pulse_beside_stronger_steps_is_found() -> None:
    for bpm, spm in ((140, 165), (120, 100), (150, 172), (95, 110)):
        for second, _, heart in _run(40, bpm, spm, pulse=300, swing=600):
            if second >= 20:
                assert abs(heart.bpm - bpm) <= 4 and heart.confidence >= 2, (bpm, spm, second, heart.bpm)


def test_steps_without_a_pulse_are_not_taken_for_one() -> None:
    lies = 0
    for spm in (90, 110, 160, 180):
        for _, _, heart in _run(60, 0, spm, pulse=0, swing=600):
            lies += heart.confidence >= 2
    assert lies <= 4 * 60 // 20, lies


def test_a_pulse_that_crosses_the_steps_is_right_or_unsure() -> None:
    sure = far = 0
    for second, bpm, heart in _run(160, 130, 164, rise_8ths=3, pulse=400, swing=500):
        if second >= 15 and heart.confidence >= 2:
            sure += 1
            far += abs(heart.bpm - bpm) > 5
    assert sure >= 80 and far <= sure // 10, (sure, far)


def test_without_acceleration_no_answer_is_good() -> None:
    for _, _, heart in _run(30, 80, 0, pulse=400, swing=0, felt=False):
        assert heart.confidence <= 2
