"""A dump's journal as text, a line for each record, or its workouts as CSV, or as FIT files."""

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import numpy as np
from paceline_gateway.inspect_journal import journal_lines
from paceline_protocol.page import PAGE_SIZE, journal_key
from paceline_server.analysis.distance import cumulative_distance_m
from paceline_server.formats.journal import JournalFollower
from paceline_server.formats.journal_session import RowDecoder, session_recording
from paceline_server.formats.recording import Recording
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.workout import Workout

from paceline_tools.flashing.dump import Stretch

COLUMNS = (
    "latitude_deg", "longitude_deg", "altitude_m", "speed_m_s", "heart_rate_bpm", "heart_rate_confidence",
    "cadence_spm",
)  # fmt: skip
_DIGITS = {"latitude_deg": 6, "longitude_deg": 6}


def text_lines(found: Iterable[Stretch], device_key: bytes | None) -> Iterator[str]:
    """Yield a line for each record and each problem, stretch by stretch; with the key seals are checked."""
    with tempfile.TemporaryDirectory() as folder:
        for stretch in found:
            path = Path(folder) / "stretch"
            path.write_bytes(stretch.data)
            yield f"-- epoch {stretch.epoch:08x}, {len(stretch.data) // PAGE_SIZE} pages from {stretch.position}"
            yield from journal_lines(path, device_key, stretch.position)


def recordings(found: Iterable[Stretch], device_key: bytes, now_s: float) -> Iterator[Recording]:
    """Yield every workout in the stretches as the server would have it; the key is needed to believe them."""
    decoder = RowDecoder()
    for stretch in found:
        first = stretch.position // PAGE_SIZE
        key = journal_key(device_key)
        follower = JournalFollower(
            key, stretch.epoch, first_page=first, resume_position=stretch.position, journal_start=stretch.position
        )
        follower.feed(stretch.data, stretch.position)
        for session in follower.read().sessions:
            yield session_recording(session, decoder, source="dump", received_utc_s=now_s)[0]


def write_csv(out: TextIO, workouts: Iterable[Recording], progress: Callable[[str], None]) -> int:
    """Write a row for each second of each workout, with a number for the workout; return how many rows."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["workout", "sport", "utc", *COLUMNS])
    rows = 0
    for number, workout in enumerate(workouts, 1):
        columns = [workout.columns[name] for name in COLUMNS]
        for index, time_s in enumerate(workout.columns["time_s"]):
            utc = datetime.fromtimestamp(workout.start_utc_s + float(time_s), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            values = [_text(name, float(column[index])) for name, column in zip(COLUMNS, columns, strict=True)]
            writer.writerow([number, workout.sport, utc, *values])
        rows += workout.points
        progress(f"workout {number}: {workout.sport}, {workout.points} seconds")
    return rows


def write_fit_files(folder: Path, workouts: Iterable[Recording], progress: Callable[[str], None]) -> int:
    """Write a FIT file for each workout, named by its start; return how many. OSError when one cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, workout in enumerate(workouts, 1):
        start = datetime.fromtimestamp(workout.start_utc_s, UTC).strftime("%Y%m%dT%H%M%SZ")
        paused_s = sum(pause.end_s - pause.start_s for pause in workout.pauses)
        whole = Workout(workout, cumulative_distance_m(workout.columns), max(0.0, workout.duration_s - paused_s))
        path = folder / f"{start}-{count}-{workout.sport}.fit"
        path.write_bytes(write_fit(whole))
        progress(f"{path}: {workout.points} seconds")
    return count


def _text(name: str, value: float) -> str:
    return "" if np.isnan(value) else f"{value:.{_DIGITS.get(name, 2)}f}".rstrip("0").rstrip(".")
