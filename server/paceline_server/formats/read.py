"""Any activity file → Recordings; the content decides, not the name."""

import zlib

from paceline_server.formats.contents import Contents
from paceline_server.formats.errors import FormatError
from paceline_server.formats.fit.reader import read_fit
from paceline_server.formats.gpx import read_gpx
from paceline_server.formats.recording import Recording
from paceline_server.formats.tcx import read_tcx

LARGEST_BYTES = 64 * 2**20
"""Of one file, unpacked: 24 hours at 1 Hz as verbose XML are about 45 MB."""


def read_recording(data: bytes, name: str) -> list[Recording]:
    """Return the recordings of read_contents, without its warnings."""
    return list(read_contents(data, name).recordings)


def read_contents(data: bytes, name: str) -> Contents:
    """Return what a FIT, GPX or TCX file holds, gzip'd or not: at least one recording.

    `name` only appears in the error. Raises FormatError when the file is none of these, damaged, too large or without
    a point that has a time.
    """
    content = _unpacked(data) if data[:2] == b"\x1f\x8b" else data
    if len(content) > LARGEST_BYTES:
        raise FormatError(f"Larger than {LARGEST_BYTES // 2**20} MiB", name)
    if not content:
        raise FormatError("The file is empty", name)
    if content[8:12] == b".FIT":
        return read_fit(content)
    head = content[:4096].replace(b"\0", b"")  # UTF-16 counts as text too
    if b"<gpx" in head:
        return Contents(tuple(read_gpx(content)))
    if b"<TrainingCenterDatabase" in head:
        return Contents(tuple(read_tcx(content)))
    raise FormatError("Neither FIT nor GPX nor TCX", name)


def _unpacked(data: bytes) -> bytes:
    inflate = zlib.decompressobj(wbits=31)
    try:
        content = inflate.decompress(data, LARGEST_BYTES + 1)
    except zlib.error as error:
        raise FormatError(f"Damaged gzip: {error}", "gzip") from error
    if not inflate.eof and len(content) <= LARGEST_BYTES:
        raise FormatError("The gzip ends in the middle", f"byte {len(data)}")
    return content
