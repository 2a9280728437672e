"""Where the ground under a route comes from. By default from nowhere: a grid, and no request leaves the server.

An operator may put a PMTiles archive beside the server (maps/), which serves its pictures itself: nobody learns where
one looks. Or a tile server is named: browsers ask it, so it learns that; the page's policy is opened for just its
origin. The credit of either is shown.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.maps.api import PREFIX
from paceline_server.maps.archive import Archive, ArchiveError
from paceline_server.platform.headers import PAGE_POLICY

HIGHEST_ZOOM = 19  # of tile servers
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", re.IGNORECASE)
_PLACES = ("{z}", "{x}", "{y}")


@dataclass(frozen=True, slots=True)
class MapSource:
    """A template of tile addresses with {z}, {x} and {y}, their origin ("" for our own), whom to thank, the zooms."""

    template: str
    origin: str
    credit: str
    zooms: tuple[int, int] = (0, HIGHEST_ZOOM)

    @property
    def policy(self) -> str:
        """The policy of a page that shows this map."""
        return PAGE_POLICY.replace("img-src 'self'", f"img-src 'self' {self.origin}") if self.origin else PAGE_POLICY


def open_archive(config: Config) -> Archive | None:
    """Open the file of the setting `map_file`, if it is set; UsageError says what is the matter with it."""
    if config.map_file is None:
        return None
    if config.map_tiles is not None:
        raise UsageError("map_file and map_tiles: there is one map, so set one of them")
    try:
        archive = Archive(config.map_file)
    except ArchiveError as error:
        raise UsageError(f"map_file: {error}") from error
    if not (config.map_credit or archive.told.credit):
        archive.close()
        raise UsageError("map_file needs map_credit: the file does not say whom the map thanks")
    return archive


def map_source(config: Config, archive: Archive | None = None) -> MapSource | None:
    """Read the settings of the map; None: only the grid. UsageError says what they must be."""
    if archive is not None:
        told = archive.told
        zooms = (told.lowest_zoom, told.highest_zoom)
        return MapSource(PREFIX + "{z}/{x}/{y}", "", config.map_credit or told.credit, zooms)
    if config.map_tiles is None:
        return None
    parts = urlsplit(config.map_tiles)
    origin = f"{parts.scheme}://{parts.netloc}"
    if not _ORIGIN.fullmatch(origin) or any(config.map_tiles.count(place) != 1 for place in _PLACES):
        raise UsageError("map_tiles must be like https://tiles.example.org/{z}/{x}/{y}.png")
    if not config.map_credit:
        raise UsageError("map_tiles needs map_credit: the tiles' makers want to be named on the map")
    return MapSource(config.map_tiles, origin, config.map_credit)


MAP_SOURCE: web.AppKey[MapSource | None] = web.AppKey("map_source")
