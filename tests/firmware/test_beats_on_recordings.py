"""Times between beats on recordings with an ECG or another sensor's intervals; skips where they are absent."""

from pathlib import Path

from paceline_tools.bench.beats import AT_REST, GOAL_MS, errors_ms, follow, reference
from paceline_tools.bench.pulse_recordings import SOURCES, load
from protocol.micropython_process import micropython


def test_intervals_at_rest_are_those_of_the_reference(recordings: Path) -> None:
    micropython()
    for source in SOURCES:
        if source.name in AT_REST:
            recording = load(recordings / "ppg", source)
            theirs = reference(recordings / "ppg", recording)
            errors = errors_ms(follow(recording), theirs)
            assert len(errors) > 0.8 * len(theirs.end_s), source.name
            assert errors.mean() <= GOAL_MS, (source.name, errors.mean())


def test_in_motion_there_are_none(recordings: Path) -> None:
    micropython()
    for source in SOURCES:
        if "bike" in source.name or "walk" in source.name:
            assert not (follow(load(recordings / "ppg", source)).length_ms > 0).any(), source.name
