"""Recordings that the system tests play: real activities with GPS, of different devices, sports and shapes."""

from pathlib import Path

import pytest
from paceline_server.formats.read import read_recording
from paceline_tools.line.places import Places
from paceline_tools.track import Track, to_track
from system.recorded import record


@pytest.fixture(scope="session")
def track_of(recordings: Path):
    """Give the track of an activity file, cut to its first `rows` rows."""

    def read(name: str, rows: int | None = None) -> Track:
        path = recordings / "activities" / "fit" / name
        return to_track(read_recording(path.read_bytes(), path.name)[0])[:rows]

    return read


@pytest.fixture(scope="session")
async def recorded(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Workouts on the flash and in the spool, nothing on the server yet; to be copied, not changed."""
    return await record(tmp_path_factory.mktemp("recorded"))
