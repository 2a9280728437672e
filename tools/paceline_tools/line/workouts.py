"""Which workouts the line plays: the given file or an invented run, first finished, then live."""

from pathlib import Path

from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Recording

from paceline_tools.line.errors import LineError
from paceline_tools.sample_route import sample_recording
from paceline_tools.track import Track, to_track

INVENTED_MINUTES, LIVE_SEED, FEWEST_ROWS = 30, 2, 10


def workouts(file: Path | None) -> tuple[Track, Track]:
    """Return the tracks of the finished and of the live workout; LineError when the file is no recording."""
    if file is None:
        return to_track(sample_recording(minutes=INVENTED_MINUTES)), to_track(sample_recording(seed=LIVE_SEED))
    try:
        recording = read_recording(file.read_bytes(), file.name)[0]
    except OSError as error:
        raise LineError(f"{file} cannot be read: {error.strerror}") from error
    except FormatError as error:
        raise LineError(f"{file} is no recording: {error.what} ({error.where})") from error
    return _playable(recording, file), _playable(recording, file)


def _playable(recording: Recording, file: Path) -> Track:
    track = to_track(recording)
    if len(track) < FEWEST_ROWS:
        raise LineError(f"{file} has only {len(track)} seconds that can be played")
    return track
