"""Heart rate on recordings with a reference; skips where they are absent."""

from pathlib import Path

import numpy as np
from paceline_tools.bench import pulse
from paceline_tools.bench.pulse_on_micropython import follow
from paceline_tools.bench.pulse_recordings import SOURCES, Recording, averaged, load
from protocol.micropython_process import micropython
from wearable.signal.heart_rate import HeartRate


def _answers(recording: Recording) -> list[tuple[int, int, bool]]:
    heart = HeartRate()
    answers = []
    for second in range(min(len(recording.light) // 25, len(recording.motion) // 26)):
        for move in recording.motion[26 * second : 26 * second + 26].tolist():
            heart.move(*move)
        for sample in recording.light[25 * second : 25 * second + 25].tolist():
            heart.put(sample)
        answers.append((heart.bpm, heart.confidence, heart.worn))
    return answers


def test_both_interpreters_give_the_same_answers(recordings: Path) -> None:
    """CPython's integers are unbounded: equal answers show that no sum leaves the words of the machine code."""
    micropython()
    for source in SOURCES:
        if "bike" in source.name or "walk" in source.name:
            recording = load(recordings / "ppg", source)
            there = follow(recording)
            assert _answers(recording) == list(zip(there.bpm, there.confidence, there.worn, strict=True)), source.name


def test_the_goals_are_reached(recordings: Path) -> None:
    micropython()
    scores = {kind: [] for kind in pulse.GOALS}
    for source in SOURCES:
        recording = load(recordings / "ppg", source)
        scores[source.kind].append(pulse.score(recording, follow(recording)))
    for kind, (confident, error_bpm, near) in pulse.GOALS.items():
        result = pulse.joined(scores[kind])
        assert result.share >= confident and result.error_bpm <= error_bpm and result.near >= near, kind


def test_resampling_keeps_the_mean_of_a_line_and_bridges_what_is_missing() -> None:
    t_s = np.arange(0, 10, 1 / 32)
    line = 3 * t_s + 5
    line[100:110] = np.nan
    result = averaged(t_s, line, 25, 0, 9)
    np.testing.assert_allclose(result, 3 * (np.arange(225) + 0.5) / 25 + 5)
