"""HTTP of the map's own tiles: the same for everybody, as a page that is shown to everybody has a map, too."""

import asyncio
import logging

from aiohttp import web

from paceline_server.errors import NotFoundError, UnavailableError
from paceline_server.keys import POOL
from paceline_server.maps.archive import Archive, ArchiveError
from paceline_server.platform.etags import not_modified

PREFIX = "/tiles/"
MAP_ARCHIVE: web.AppKey[Archive | None] = web.AppKey("map_archive")
HIGHEST_ZOOM = 31
_A_DAY = "public, max-age=86400"
_log = logging.getLogger("paceline.maps")


async def get_tile(request: web.Request) -> web.Response:
    """GET /tiles/{z}/{x}/{y}: a picture of the operator's archive; 204 where it has none of the place, or none is set.

    NotFoundError for what is no place on the map.
    """
    archive, place = request.app[MAP_ARCHIVE], _place(request)
    if place is None:
        raise NotFoundError("not_found", "There is no such tile.")
    if archive is None:
        return web.Response(status=204)
    headers = {"Cache-Control": _A_DAY, "ETag": f'"{archive.tag}"'}
    if not_modified(request, archive.tag):
        return web.Response(status=304, headers=headers)
    loop = asyncio.get_running_loop()
    try:
        tile = await loop.run_in_executor(request.app[POOL], archive.tile, *place)
    except ArchiveError as error:
        _log.warning("the map's file: %s", error)
        raise UnavailableError("map_file", "The map's file cannot be read just now.") from error
    if tile is None:
        return web.Response(status=204, headers=headers)
    if archive.told.content_encoding is not None:
        headers["Content-Encoding"] = archive.told.content_encoding
    return web.Response(body=tile, content_type=archive.told.content_type, headers=headers)


def _place(request: web.Request) -> tuple[int, int, int] | None:
    words = [request.match_info[name] for name in ("z", "x", "y")]
    if not all(word.isascii() and word.isdigit() and len(word) <= 10 for word in words):
        return None
    zoom, x, y = map(int, words)
    return (zoom, x, y) if zoom <= HIGHEST_ZOOM and x < 1 << zoom and y < 1 << zoom else None
