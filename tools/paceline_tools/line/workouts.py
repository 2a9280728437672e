"""Which workouts the line plays: the given file or an invented run, first finished, then live."""

from dataclasses import dataclass
from pathlib import Path

from paceline_protocol.records import SPORTS
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Recording

from paceline_tools.line.errors import LineError
from paceline_tools.sample_route import sample_recording
from paceline_tools.track import Track, to_track

INVENTED_MINUTES, LIVE_SEED, FEWEST_ROWS = 29, 2, 10


@dataclass(frozen=True)
class Workouts:
    """Two tracks of one sport, a number of SPORTS."""

    sport: int
    finished: Track
    live: Track


def workouts(file: Path | None) -> Workouts:
    """Return what the line plays; LineError when the file is no recording."""
    if file is None:
        recording = sample_recording(minutes=INVENTED_MINUTES)
        return Workouts(sport_number(recording.sport), to_track(recording), to_track(sample_recording(seed=LIVE_SEED)))
    try:
        recording = read_recording(file.read_bytes(), file.name)[0]
    except OSError as error:
        raise LineError(f"{file} cannot be read: {error.strerror}") from error
    except FormatError as error:
        raise LineError(f"{file} is no recording: {error.what} ({error.where})") from error
    track = _playable(recording, file)
    return Workouts(sport_number(recording.sport), track, track)


def sport_number(name: str) -> int:
    """Return the number of a sport; what the wearable has no name for is 0, other."""
    return SPORTS.index(name) if name in SPORTS else 0


def _playable(recording: Recording, file: Path) -> Track:
    track = to_track(recording)
    if len(track) < FEWEST_ROWS:
        raise LineError(f"{file} has only {len(track)} seconds that can be played")
    return track
