"""Where tiles are fetched from: the setting `elevation_url`, and one question to that server.

Bounded in time and size; no redirect is followed, so that nothing but the operator's own word says who is asked.
"""

import asyncio
import re
from dataclasses import dataclass

import aiohttp

from paceline_server.elevation.model import Corner, TileError
from paceline_server.errors import UsageError
from paceline_server.formats.hgt import LARGEST_BYTES, tile_name

TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5, sock_read=15)
LARGEST_ANSWER_BYTES = LARGEST_BYTES + (1 << 20)
_TEMPLATE = re.compile(r"https?://[^/?#@\s]+/\S+")
_ABSENT = frozenset({204, 404, 410})


@dataclass(frozen=True, slots=True)
class TileSource:
    """A server of tiles: `template` has {lat} (N46) and {lon} (E007) where the tile's name goes."""

    template: str
    timeout: aiohttp.ClientTimeout = TIMEOUT

    def ask(self, corner: Corner) -> bytes | None:
        """Return what the server has for a tile, packed or not; None when it has none. Blocks.

        TileError when it does not answer in time, or not with that.
        """
        name = tile_name(*corner).removesuffix(".hgt")
        url = self.template.replace("{lat}", name[:3]).replace("{lon}", name[3:])
        try:
            return asyncio.run(self._asked(url))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # Its text may hold the address, with a key.
            raise TileError(f"the tile server cannot be read ({type(error).__name__})") from None

    async def _asked(self, url: str) -> bytes | None:
        headers = {"Accept-Encoding": "identity"}
        async with (
            aiohttp.ClientSession(
                timeout=self.timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            ) as session,
            session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status in _ABSENT:
                return None
            if answer.status != 200:
                raise TileError(f"the tile server answered {answer.status}")
            body = bytearray()
            async for part in answer.content.iter_chunked(1 << 18):
                body += part
                if len(body) > LARGEST_ANSWER_BYTES:
                    raise TileError("the tile server sends more than a tile")
            return bytes(body)


def tile_source(url: str | None) -> TileSource | None:
    """Read the setting `elevation_url`; None: nobody is asked. UsageError says what it must be."""
    if url is None:
        return None
    if not _TEMPLATE.fullmatch(url) or "{lat}" not in url or "{lon}" not in url:
        raise UsageError("elevation_url must be like https://tiles.example.org/{lat}/{lat}{lon}.hgt.gz")
    return TileSource(url)
