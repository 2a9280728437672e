"""Where the ground under a route comes from. By default from nowhere: a grid, and no request leaves the server.

An operator may name a tile server. Then browsers ask it for pictures, so it learns where one looks; the page's policy
is opened for just its origin, and its credit is shown.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.platform.headers import PAGE_POLICY

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", re.IGNORECASE)
_PLACES = ("{z}", "{x}", "{y}")


@dataclass(frozen=True, slots=True)
class MapSource:
    """A template of tile addresses with {z}, {x} and {y}, their origin, and whom to thank."""

    template: str
    origin: str
    credit: str

    @property
    def policy(self) -> str:
        """The policy of a page that shows this map."""
        return PAGE_POLICY.replace("img-src 'self'", f"img-src 'self' {self.origin}")


def map_source(config: Config) -> MapSource | None:
    """Read the settings `map_tiles` and `map_credit`; None: only the grid. UsageError says what they must be."""
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
