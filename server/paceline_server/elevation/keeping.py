"""Tiles that were fetched, in a folder of bounded size; and for a while the names of those that could not be.

A tile is there whole or not at all: it is written beside its name and renamed. Several processes may share the folder.
"""

import contextlib
import os
from collections.abc import Callable, Collection
from pathlib import Path

from paceline_server.elevation.model import Corner
from paceline_server.formats.hgt import tile_name

ABSENT_S = 30 * 86_400.0  # for so long a tile that its server did not have (the sea) is not asked for again
FAILED_S = 60.0  # for so long one that failed is left alone, whoever wants it
LEFT_S = 3600.0  # a half-written file of this age is a killed process's
_PART, _ABSENT, _FAILED = ".part", ".absent", ".failed"


class TileCache:
    """Holds at most so many bytes of tiles; those that were used the longest ago go first."""

    def __init__(self, folder: Path, most_bytes: int, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._clock = clock

    def find(self, corner: Corner) -> Path | None:
        """Return the file of a tile, which counts as used now; None when it is not held."""
        path = self._folder / tile_name(*corner)
        try:
            self._touch(path)
        except FileNotFoundError:
            return None
        return path

    def is_absent(self, corner: Corner) -> bool:
        """Tell whether the server said within the last month that it has no such tile."""
        return self._noted_within(corner, _ABSENT, ABSENT_S)

    def has_failed(self, corner: Corner) -> bool:
        """Tell whether asking for the tile failed just now."""
        return self._noted_within(corner, _FAILED, FAILED_S)

    def note_absent(self, corner: Corner) -> None:
        """Remember that there is no such tile."""
        self._note(corner, _ABSENT)

    def note_failed(self, corner: Corner) -> None:
        """Remember that the tile could not be had."""
        self._note(corner, _FAILED)

    def keep(self, corner: Corner, data: bytes, beside: Collection[Corner] = ()) -> None:
        """Put a tile, and make room for it; those of `beside`, which are about to be read with it, stay."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / tile_name(*corner)
        part = path.with_suffix(f".{os.getpid()}{_PART}")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._touch(part)
        part.replace(path)
        for suffix in (_ABSENT, _FAILED):
            path.with_suffix(suffix).unlink(missing_ok=True)
        self._make_room({tile_name(*one) for one in (corner, *beside)})

    def _make_room(self, needed: set[str]) -> None:
        now_s, held = self._clock(), []
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process makes room, too
                state = path.stat()
                if path.suffix == ".hgt":
                    held.append((state.st_mtime, state.st_size, path))
                elif path.suffix == _PART and state.st_mtime < now_s - LEFT_S:
                    path.unlink()
        size = sum(one for _, one, _ in held)
        for _, bytes_held, path in sorted(held):
            if size > self._most_bytes and path.name not in needed:
                path.unlink(missing_ok=True)
                size -= bytes_held

    def _touch(self, path: Path) -> None:
        os.utime(path, (self._clock(), self._clock()))

    def _note(self, corner: Corner, suffix: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = (self._folder / tile_name(*corner)).with_suffix(suffix)
        path.touch()
        self._touch(path)

    def _noted_within(self, corner: Corner, suffix: str, seconds: float) -> bool:
        try:
            noted_s = (self._folder / tile_name(*corner)).with_suffix(suffix).stat().st_mtime
        except FileNotFoundError:
            return False
        return noted_s > self._clock() - seconds
