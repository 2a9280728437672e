"""Every tile there is for this server: those of the operator's folder, those that were fetched, those that may be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from paceline_server.config import Config
from paceline_server.elevation.keeping import TileCache
from paceline_server.elevation.model import Corner, TileError
from paceline_server.elevation.source import TileSource, tile_source
from paceline_server.formats.hgt import LARGEST_BYTES, tile_name, unpacked
from paceline_server.platform.apart.caller import Apart

MOST_OF_A_ROUTE = 40  # who crosses more degrees has flown
MOST_A_TURN = 8


@dataclass(frozen=True, slots=True)
class Tiles:
    """Tiles by corner. Without a folder and a source there are none, and nothing is done."""

    folder: Path | None
    cache: TileCache
    source: TileSource | None
    apart: Apart
    most: int = MOST_OF_A_ROUTE

    @property
    def any(self) -> bool:
        """Whether tiles are set at all."""
        return self.folder is not None or self.source is not None

    def here(self, corners: Sequence[Corner]) -> dict[Corner, Path]:
        """Return the files of those tiles that are here."""
        found = {corner: self._find(corner) for corner in corners}
        return {corner: path for corner, path in found.items() if path is not None}

    def missing(self, corners: Sequence[Corner]) -> list[Corner]:
        """Return those that may be fetched; none of a route over more degrees than are fetched for one."""
        if self.source is None or len(corners) > self.most:
            return []
        return [one for one in corners if self._find(one) is None and not self.cache.is_absent(one)]

    def fetch(self, corners: Sequence[Corner]) -> None:
        """Fetch what is missing of a route's tiles. Blocks; TileError when something is missing still.

        What came stays, so the next turn goes on behind it.
        """
        missing = self.missing(corners)
        for corner in missing[:MOST_A_TURN]:
            self._fetch_one(corner, corners)
        if len(missing) > MOST_A_TURN:
            raise TileError(f"{len(missing) - MOST_A_TURN} tiles more are wanted; they are fetched later")

    def _fetch_one(self, corner: Corner, beside: Sequence[Corner]) -> None:
        assert self.source is not None
        name = tile_name(*corner)
        if self.cache.has_failed(corner):
            raise TileError(f"{name} failed just now, and is asked for again later")
        try:
            body = self.source.ask(corner)
            if body is None:
                self.cache.note_absent(corner)
            else:
                self.cache.keep(corner, self.apart.run(unpacked, body), beside)
        except (TileError, ValueError) as error:
            self.cache.note_failed(corner)
            raise TileError(f"{name}: {error}") from error

    def _find(self, corner: Corner) -> Path | None:
        own = self.folder / tile_name(*corner) if self.folder is not None else None
        return own if own is not None and own.is_file() else self.cache.find(corner)


def tiles_of(config: Config, apart: Apart, clock: Callable[[], float]) -> Tiles:
    """Read the settings of tiles; UsageError says what they must be."""
    most_bytes = config.elevation_cache_mb << 20
    cache = TileCache(config.elevation_cache, most_bytes, clock)
    most = min(MOST_OF_A_ROUTE, most_bytes // LARGEST_BYTES)
    return Tiles(config.elevation_tiles, cache, tile_source(config.elevation_url), apart, most)
