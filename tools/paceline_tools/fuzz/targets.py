"""Every parser of bytes that are anybody's, with sound inputs for it and the one error that it may raise."""

import gzip
import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import msgspec
import numpy as np
from paceline_server.analysis.metrics import measure
from paceline_server.archives.checking import check
from paceline_server.archives.manifest import ArchiveError
from paceline_server.formats.archives.opening import open_archive
from paceline_server.formats.errors import FormatError
from paceline_server.formats.hgt import unpacked
from paceline_server.formats.journal import JournalFollower
from paceline_server.formats.journal_session import RowDecoder, session_recording
from paceline_server.formats.read import read_contents
from paceline_server.formats.sent_points import SentPoint, columns_of
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.gpx import write_gpx
from paceline_server.formats.writing.tcx import write_tcx
from paceline_server.platform.migrate import HEAD
from paceline_server.telemetry import TelemetryError, row_count, unpack_columns

from paceline_tools.fuzz.archives import archive_parts, day_tables, documents
from paceline_tools.fuzz.files import START_S, kml_file, made_workout, old_gpx, sound_files, unusual_fit
from paceline_tools.fuzz.mutating import Seed, plain
from paceline_tools.fuzz.own import archive_seed, journal_seed, points_seed
from paceline_tools.fuzz.packing import (
    EPOCH,
    JOURNAL_KEY,
    deflated,
    fit_messages,
    fit_packed,
    gzip_packed,
    zip_packed,
)
from paceline_tools.fuzz.telemetry import sound_blobs

MEASURED_ONE_IN = 8
"""Of the recordings that are read so many are measured, too: that is analysis, and takes as long as the reading."""
MOST_ROWS = 100_000  # of telemetry: a mutated head may say more, which whoever reads asks first
_POINTS = msgspec.json.Decoder(list[SentPoint])


@dataclass(frozen=True, slots=True)
class Target:
    """A parser. `read` raises one of `refusals`, or tells whether something of the input could not be had."""

    seeds: Callable[[], Sequence[Seed]]
    read: Callable[[bytes], bool]
    refusals: tuple[type[Exception], ...] = (FormatError,)


def _file(data: bytes) -> bool:
    contents = read_contents(data, "fuzz")
    assert contents.recordings or contents.days
    if len(data) % MEASURED_ONE_IN == 0:
        for recording in contents.recordings:
            measure(recording)
    assert all(contents.warnings)
    return bool(contents.warnings)


def _archive(data: bytes) -> bool:
    """Read an export, and each of its entries: one that is refused is a row of the import with its reason."""
    archive = open_archive(io.BytesIO(data), "fuzz")
    if archive is None:
        return _file(data)
    warned = False
    for entry in archive.entries():
        if entry.problem:
            warned = True
            continue
        try:
            warned |= _file(entry.data)
        except FormatError:
            warned = True
    assert all(archive.warnings)
    return warned or bool(archive.warnings)


def _own_archive(data: bytes) -> bool:
    with tempfile.NamedTemporaryFile(dir=_memory()) as file:
        file.write(data)
        file.flush()
        check(file.name, HEAD)
    return False


@cache
def _memory() -> Path | None:
    """Return where a file costs no disk, None for the usual place."""
    folder = Path("/dev/shm")  # noqa: S108 (a name of tempfile's own is made in it)
    return folder if folder.is_dir() else None


def _telemetry(data: bytes) -> bool:
    rows = row_count(data)
    if rows > MOST_ROWS:
        raise TelemetryError("too many rows")
    found = unpack_columns(data)
    assert all(len(column) == rows for column in found.values())
    return False


def _journal(data: bytes) -> bool:
    follower = JournalFollower(JOURNAL_KEY, EPOCH, first_page=0, resume_position=0, journal_start=0)
    follower.feed(data)
    reading = follower.read()
    follower.news()
    rows = RowDecoder()
    for session in reading.sessions:
        session.start_utc_s()
        recording, receipt = session_recording(session, rows, source="fuzz", received_utc_s=START_S)
        if len(data) % MEASURED_ONE_IN == 0 and receipt.received:
            measure(recording)
    follower.forget_settled()
    return bool(follower.suspects())


def _points(data: bytes) -> bool:
    columns, problems = columns_of(_POINTS.decode(data))
    assert len({len(column) for column in columns.values()}) == 1
    return bool(problems)


def _tile(data: bytes) -> bool:
    unpacked(data)
    return False


def _fit_seeds() -> Sequence[Seed]:
    whole = [write_fit(made_workout(30, sport)) for sport in ("running", "swimming", "strength")] + [unusual_fit()]
    return [*(Seed({"": fit_messages(one)}, fit_packed) for one in whole), plain(whole[0]), plain(whole[0] + whole[3])]


def _gpx_seeds() -> Sequence[Seed]:
    written = write_gpx(made_workout(30))
    return [plain(written), plain(old_gpx()), plain(old_gpx().decode().encode("utf-16"))]


def _wrapped(packed: Callable[[Mapping[str, bytes]], bytes]) -> Sequence[Seed]:
    return [Seed({"run.kml": kml_file()}, packed), Seed({"days.csv": day_tables()[0], "run.gpx": old_gpx()}, packed)]


def _archive_seeds(platform: str) -> Sequence[Seed]:
    # The files within have targets of their own: here small ones, so that what is read is mostly the export.
    gpx = old_gpx()
    parts = archive_parts(unusual_fit(), gpx, gpx)[platform]
    found = [Seed(parts, zip_packed)]
    return [*found, plain(parts["apple_health_export/export.xml"])] if platform == "apple" else found


def _plain(*files: bytes) -> Sequence[Seed]:
    return [plain(one) for one in files]


def _tile_seeds() -> Sequence[Seed]:
    tile = {"N46E007.hgt": np.full(1201 * 1201, 400, ">i2").tobytes()}
    return [plain(gzip.compress(tile["N46E007.hgt"], mtime=0)), plain(deflated(tile)), Seed(tile, zip_packed)]


TARGETS: Mapping[str, Target] = {
    "fit": Target(_fit_seeds, _file),
    "gpx": Target(_gpx_seeds, _file),
    "tcx": Target(lambda: _plain(write_tcx(made_workout(30))), _file),
    "kml": Target(lambda: _plain(kml_file()), _file),
    "zip": Target(lambda: [*_wrapped(zip_packed), *_wrapped(deflated)], _file),
    "gzip": Target(lambda: _wrapped(gzip_packed)[:1], _file),
    **{name: Target(partial(_archive_seeds, name), _archive) for name in ("apple", "strava", "garmin", "google")},
    "health-connect": Target(partial(_archive_seeds, "health-connect"), _archive),
    "days": Target(lambda: _plain(*day_tables()), _file),
    "documents": Target(lambda: _plain(*documents()), _file),
    "own-archive": Target(lambda: [archive_seed(sound_blobs()[0])], _own_archive, (ArchiveError,)),
    "telemetry": Target(lambda: _plain(*sound_blobs()), _telemetry, (TelemetryError,)),
    "journal": Target(lambda: [journal_seed()], _journal, ()),
    "points": Target(lambda: [points_seed()], _points, (msgspec.MsgspecError, ValueError)),
    "tile": Target(_tile_seeds, _tile, (ValueError,)),
    "mixed": Target(lambda: _plain(*sound_files()), _archive),
}
"""By the name that `--only` takes; "mixed" splices whole files of all formats with each other."""
