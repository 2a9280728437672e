"""Times between beats from made-up light whose beats are known."""

import math

from wearable.signal.beats import Beats
from wearable.signal.heart_rate import HeartRate


def _light(beats_s: "list[float]", seconds: int, pulse: int = 800) -> "list[int]":
    """Return counts at 25 Hz: each beat darkens the light within a tenth of a second, and is gone after half of one."""
    samples = []
    for i in range(25 * seconds):
        dark = 0.0
        for beat_s in beats_s:
            since_s = i / 25 - beat_s
            if 0 <= since_s < 1.5:
                dark += math.exp(-since_s / 0.2) - math.exp(-since_s / 0.05)
        samples.append(60_000 - int(pulse * dark))
    return samples


def _beats(lengths_s: "list[float]") -> "list[float]":
    beats = [0.5]
    for length_s in lengths_s:
        beats.append(beats[-1] + length_s)
    return beats


def _found(samples: "list[int]", bpm: int) -> "list[int]":
    found = []
    beats = Beats(found.append)
    for i, sample in enumerate(samples):
        if i % 25 == 0:
            beats.expect(bpm)
        beats.put(sample)
    return found


def test_intervals_that_change_from_beat_to_beat_are_within_8_ms() -> None:
    for bpm in (45, 60, 90, 130):
        lengths = [60 / bpm * (1 + 0.1 * math.sin(1.1 * i)) for i in range(30)]
        found = _found(_light(_beats(lengths), 60 * 30 // bpm), bpm)
        assert len(found) >= 26, (bpm, len(found))
        shift = min(range(-1, 2), key=lambda by: abs(found[9] - 1024 * lengths[9 + by]))
        for i in range(2, 25):
            assert abs(found[i] - 1024 * lengths[i + shift]) <= 8, (bpm, i, found[i], lengths[i + shift])


def test_a_beat_left_out_is_one_unsure_interval() -> None:
    beats = _beats([1.0] * 30)
    del beats[15]
    found = _found(_light(beats, 30), 60)
    assert found.count(0) == 1 and found[13:16].count(0) == 1
    assert all(abs(each - 1024) <= 8 for each in found if each)


def test_one_blow_costs_few_beats() -> None:
    samples = _light(_beats([0.8] * 40), 32)
    samples[400] -= 20_000
    found = _found(samples, 75)
    assert len([each for each in found if abs(each - 819) <= 8]) >= 32
    assert (
        len([each for each in found if each and abs(each - 819) > 8]) <= 1
    )  # the blow itself may lie in a beat's place


def test_nothing_is_found_while_the_rate_is_not_sure() -> None:
    assert _found(_light(_beats([1.0] * 20), 20), 0) == []


def test_light_that_is_lost_ends_the_row_with_one_unsure_interval() -> None:
    found = []
    beats = Beats(found.append)
    samples = _light(_beats([1.0] * 20), 20)
    for i, sample in enumerate(samples):
        if i % 25 == 0:
            beats.expect(60 if i < 250 else 0)
        beats.put(sample)
    assert found[-1] == 0 and 0 not in found[:-1]


def test_extremes_of_the_counts_are_taken() -> None:
    found = _found([0, 262_143] * 500, 60) + _found([262_143] * 200 + [0] * 200, 220)
    assert all(0 <= each < 5000 for each in found)


def _heart(seconds: int, motion: int, felt: bool = True) -> "list[int]":
    found = []
    heart = HeartRate()
    heart.tell(Beats(found.append))
    samples = _light(_beats([0.9] * (seconds + 4)), seconds)
    for second in range(seconds):
        for i in range(26 if felt else 0):
            heart.move(int(motion * math.sin(i / 26 * 4 * math.pi)), 0, 4096)
        for i in range(25 * second, 25 * second + 25):
            heart.put(samples[i])
    return found


def test_the_heart_rate_says_when_beats_are_sure() -> None:
    found = _heart(30, 0)
    assert len(found) >= 20 and all(abs(each - 922) <= 8 for each in found)


def test_who_moves_or_is_not_felt_has_no_intervals() -> None:
    assert _heart(30, 300) == []
    assert _heart(30, 0, felt=False) == []
