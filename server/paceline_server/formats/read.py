"""Any activity file → Recordings; the content decides, not the name."""

import io
import zlib

from paceline_server.formats.containers import Bounds, ZipMembers, is_zip
from paceline_server.formats.contents import Contents
from paceline_server.formats.days_csv import is_days_csv, read_days_csv
from paceline_server.formats.days_document import DAYS_MARK, read_days
from paceline_server.formats.errors import FormatError
from paceline_server.formats.gpx import read_gpx
from paceline_server.formats.kml import read_kml
from paceline_server.formats.recording import Recording
from paceline_server.formats.tcx import read_tcx
from paceline_server.formats.workout_document import WORKOUT_MARK, read_workout

ZIP_BOUNDS = Bounds(members=50, all_bytes=128 << 20)
LARGEST_BYTES = 64 * 2**20
"""Of one file, unpacked: 24 hours at 1 Hz as verbose XML are about 45 MB."""


def read_recording(data: bytes, name: str) -> list[Recording]:
    """Return the recordings of read_contents, without its warnings."""
    return list(read_contents(data, name).recordings)


def read_contents(data: bytes, name: str) -> Contents:
    """Return what a FIT, GPX, TCX or KML file holds, plain, gzip'd or zipped: at least one recording, or days.

    Of a zip all files are read that are one of these (KMZ is a zip with a KML). What archives/ makes of the exports of
    other platforms is read, too.

    `name` only appears in the error. Raises FormatError when the file is none of these, damaged, too large or without
    a point that has a time.
    """
    content = unpacked(data)
    return _zipped(content, name) if is_zip(content) else _document(content, name)


def _document(content: bytes, name: str) -> Contents:
    if len(content) > LARGEST_BYTES:
        raise FormatError(f"Larger than {LARGEST_BYTES // 2**20} MiB", name)
    if not content:
        raise FormatError("The file is empty", name)
    if content[8:12] == b".FIT":
        # Its libraries are for the process apart: who only names these functions to it does not load them.
        from paceline_server.formats.fit.reader import read_fit  # noqa: PLC0415

        return read_fit(content)
    if content.startswith(WORKOUT_MARK):
        return read_workout(content)
    if content.startswith(DAYS_MARK):
        return read_days(content)
    if content[:1].isspace():
        content = content.lstrip()  # Strava puts blanks before the declaration of TCX
    head = content[:4096].replace(b"\0", b"")  # UTF-16 counts as text too
    if b"<gpx" in head:
        return Contents(tuple(read_gpx(content)))
    if b"<TrainingCenterDatabase" in head:
        return Contents(tuple(read_tcx(content)))
    if b"<kml" in head:
        return Contents(tuple(read_kml(content)))
    if is_days_csv(head):
        return read_days_csv(content, name)
    raise FormatError("Neither FIT nor GPX nor TCX nor KML, nor a table of days", name)


def _zipped(content: bytes, name: str) -> Contents:
    members = ZipMembers(io.BytesIO(content), ZIP_BOUNDS)
    read: list[Contents] = []
    refused: list[FormatError] = []
    for member in members.names():
        try:
            data = unpacked(members.read(member))
            if is_zip(data):
                raise FormatError("A zip in a zip is not opened", member)
            read.append(_document(data, member))
        except FormatError as error:
            refused.append(error)
    if not read:
        raise refused[0] if refused else FormatError("The zip is empty", name)
    recordings = tuple(recording for contents in read for recording in contents.recordings)
    warnings = tuple(warning for contents in read for warning in contents.warnings)
    return Contents(recordings, warnings, tuple(days for contents in read for days in contents.days))


def unpacked(data: bytes) -> bytes:
    """Return what a gzip'd file holds, at most LARGEST_BYTES + 1 of it; another file as it is.

    FormatError for damaged gzip.
    """
    if data[:2] != b"\x1f\x8b":
        return data
    inflate = zlib.decompressobj(wbits=31)
    try:
        content = inflate.decompress(data, LARGEST_BYTES + 1)
    except zlib.error as error:
        raise FormatError(f"Damaged gzip: {error}", "gzip") from error
    if not inflate.eof and len(content) <= LARGEST_BYTES:
        raise FormatError("The gzip ends in the middle", f"byte {len(data)}")
    return content
