"""What is in a file or a zip of files; runs in the process apart, as the bytes are a stranger's."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from paceline_server.formats.containers import Bounds, ZipMembers, is_zip
from paceline_server.formats.contents import Contents
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import LARGEST_BYTES, read_contents
from paceline_server.formats.recording import Recording
from paceline_server.imports.model import Found

BOUNDS = Bounds(member_bytes=LARGEST_BYTES)
MOST_BYTES = 16 << 20  # of files looked at together
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """A file; `data` is None for one without a recording."""

    name: str
    sha256: str
    size_bytes: int
    data: bytes | None
    reason: str
    recordings: tuple[Found, ...]
    warnings: tuple[str, ...]


def look(path: str, name: str, first: int, most: int) -> tuple[int, list[Looked]]:
    """Return how many files the file at `path` holds (1, unless it is a zip), and some of them from row `first` on.

    At least one where there is one, at most `most`. FormatError for a zip that cannot be opened.
    """
    with Path(path).open("rb") as file:
        if not is_zip(file.read(4)):
            file.seek(0)
            return 1, [_looked(name, file.read(LARGEST_BYTES + 1))][first:]
        return _members(file, name, first, most)


def name_of(path: str, name: str, row: int) -> str:
    """Return the name of a file, of whose content nothing is read."""
    with Path(path).open("rb") as file:
        return ZipMembers(file, BOUNDS).names()[row] if is_zip(file.read(4)) else name


def read_one(data: bytes, name: str, number: int) -> tuple[Recording, tuple[str, ...]]:
    """Return a recording of a file, counted from 1, and the warnings of the file."""
    contents = read_contents(data, name)
    return contents.recordings[number - 1], contents.warnings


def _members(file: BinaryIO, name: str, first: int, most: int) -> tuple[int, list[Looked]]:
    members = ZipMembers(file, BOUNDS)
    names = members.names()
    if not names:
        raise FormatError("The zip is empty", name)
    found: list[Looked] = []
    size = 0
    for member in names[first : first + most]:
        try:
            one = _looked(member, members.read(member))
        except FormatError as error:
            one = broken(member, str(error))
        found.append(one)
        size += one.size_bytes
        if size > MOST_BYTES:
            break
    return len(names), found


def broken(name: str, reason: str, data: bytes = b"") -> Looked:
    """Return a file of which nothing can be had."""
    sha256 = hashlib.sha256(data).hexdigest() if data else ""
    return Looked(name, sha256, len(data), None, reason[:LONGEST_REASON], (), ())


def _looked(name: str, data: bytes) -> Looked:
    try:
        contents = read_contents(data, name)
    except FormatError as error:
        return broken(name, str(error), data)
    except Exception as error:  # noqa: BLE001 (a reader's fault must not stop the other files)
        return broken(name, f"It cannot be read: {type(error).__name__}", data)
    return Looked(name, hashlib.sha256(data).hexdigest(), len(data), data, "", _found(contents), contents.warnings)


def _found(contents: Contents) -> tuple[Found, ...]:
    return tuple(
        Found(number, one.sport, one.start_utc_s, one.duration_s, _distance_m(one), one.points)
        for number, one in enumerate(contents.recordings, 1)
    )


def _distance_m(recording: Recording) -> float | None:
    column = recording.columns.get("distance_m")
    held = [] if column is None else column[column == column].tolist()  # noqa: PLR0124 (NaN)
    return float(held[-1]) if held else None
