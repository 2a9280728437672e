"""A PMTiles archive (github.com/protomaps/PMTiles, spec/v3): one file with all pictures of a map, read by ranges.

The file is the operator's, so its directories are believed; sizes are bounded all the same, and a place behind the
file's end is an error, not a crash. What is read of it stays that of the file which was opened, also where another one
was put in its place: the next start opens that.
"""

import html
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmtiles.reader import Reader
from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    find_tile,
    zxy_to_tileid,
)

LARGEST_TILE_BYTES = 4 << 20
LARGEST_DIRECTORY_BYTES = 16 << 20
DIRECTORIES = 64  # that are held; each is of some thousand tiles
DEEPEST = 4
_KINDS = {
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
    TileType.AVIF: "image/avif",
}
_CODINGS = {Compression.NONE: None, Compression.UNKNOWN: None, Compression.GZIP: "gzip"}
_TAGS = re.compile(r"<[^>]*>")


class ArchiveError(Exception):
    """A file that is no archive which can be shown, or that is damaged; says what is the matter."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an archive says of itself: type and coding of its tiles, the zooms that it has, and whom to thank."""

    content_type: str
    content_encoding: str | None
    lowest_zoom: int
    highest_zoom: int
    credit: str


class Archive:
    """An open archive; `tag` changes with the file. Any thread may read."""

    def __init__(self, path: Path) -> None:
        """Open it; ArchiveError when it is not there or cannot be shown."""
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read: {error.strerror}") from error
        try:
            state = os.fstat(self._file.fileno())
            self.tag = f"{state.st_mtime_ns:x}-{state.st_size:x}"
            self._header = _header(self._bytes, path)
            self.told = _told(self._header, Reader(self._bytes).metadata(), path)
            self._directory = lru_cache(DIRECTORIES)(self._read_directory)
            self._directory(self._header["root_offset"], self._header["root_length"])
        except ArchiveError:
            self.close()
            raise
        except (OSError, ValueError, EOFError, KeyError) as error:  # of gzip, JSON and varints
            self.close()
            raise ArchiveError(f"{path} is a damaged PMTiles file ({error or type(error).__name__})") from error

    def close(self) -> None:
        """Close the file; closed twice is closed once."""
        self._file.close()

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return a tile as it lies in the file, None where it has none; ArchiveError when it is damaged. Blocks."""
        if not (self.told.lowest_zoom <= zoom <= self.told.highest_zoom and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
            return None
        number, header = zxy_to_tileid(zoom, x, y), self._header
        at, length = header["root_offset"], header["root_length"]
        try:
            for _ in range(DEEPEST):
                entry = find_tile(self._directory(at, length), number)
                if entry is None:
                    return None
                if entry.run_length:
                    return self._bytes(header["tile_data_offset"] + entry.offset, entry.length, LARGEST_TILE_BYTES)
                at, length = header["leaf_directory_offset"] + entry.offset, entry.length
        except (OSError, ValueError, EOFError) as error:
            raise ArchiveError(f"tile {zoom}/{x}/{y} cannot be read ({error or type(error).__name__})") from error
        raise ArchiveError(f"tile {zoom}/{x}/{y} lies too deep")

    def _read_directory(self, at: int, length: int) -> list[Entry]:
        return deserialize_directory(self._bytes(at, length))

    def _bytes(self, at: int, length: int, most: int = LARGEST_DIRECTORY_BYTES) -> bytes:
        if length > most:
            raise ValueError(f"{length} bytes are too many")
        data = os.pread(self._file.fileno(), length, at)
        if len(data) != length:
            raise EOFError("it ends too early")
        return data


def _header(get_bytes: Callable[[int, int], bytes], path: Path) -> HeaderDict:
    try:
        header = Reader(get_bytes).header()
    except (MagicNumberNotFound, SpecVersionUnsupported, UnicodeDecodeError, EOFError):
        raise ArchiveError(f"{path} is no PMTiles file of version 3") from None
    if header["internal_compression"] is not Compression.GZIP:
        raise ArchiveError(f"the directories of {path} are not compressed by gzip: write it anew with `pmtiles`")
    return header


def _told(header: HeaderDict, metadata: Any, path: Path) -> Told:
    kind, coding = header["tile_type"], header["tile_compression"]
    if kind not in _KINDS:
        raise ArchiveError(f"{path} holds {kind.name} tiles; pictures can be shown: PNG, JPEG, WebP or AVIF")
    if coding not in _CODINGS:
        raise ArchiveError(f"the tiles of {path} are compressed by {coding.name.lower()}, which browsers may not know")
    credit = metadata.get("attribution", "") if isinstance(metadata, dict) else ""
    return Told(_KINDS[kind], _CODINGS[coding], header["min_zoom"], header["max_zoom"], _words(str(credit)))


def _words(attribution: str) -> str:
    """The text of an attribution, which is HTML in most archives."""
    return " ".join(html.unescape(_TAGS.sub("", attribution)).split())
