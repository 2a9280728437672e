"""A server of elevation tiles on loopback that can be as bad as any."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from paceline_server.formats.hgt import LARGEST_BYTES
from server.elevation_planes import plane

WHOLE, ABSENT, BROKEN, SLOW, CUT, ENDLESS, RUBBISH, MOVED = range(8)


@dataclass
class TileServer:
    """How it behaves, whom it was asked for, and where it is."""

    behaves: int = WHOLE
    asked: list[str] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    template: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as it behaves."""
        self.asked.append(request.path)
        if self.behaves in {ABSENT, BROKEN}:
            return web.Response(status=404 if self.behaves == ABSENT else 500)
        if self.behaves == MOVED:
            raise web.HTTPFound("/moved")
        if self.behaves == RUBBISH:
            return web.Response(body=b"<html>log in to the hotel</html>")
        tile = gzip.compress(plane(), 1)
        if self.behaves == WHOLE:
            return web.Response(body=tile)
        response = web.StreamResponse()
        if self.behaves != ENDLESS:
            response.content_length = len(tile)
        await response.prepare(request)
        await response.write(tile[:1000])
        self.begun.set()
        if self.behaves == SLOW:
            await self.ended.wait()
        elif self.behaves == CUT:
            assert request.transport is not None
            request.transport.abort()
        else:
            for _ in range(LARGEST_BYTES // (1 << 20) + 3):
                await response.write(bytes(1 << 20))
        return response


@asynccontextmanager
async def tile_server() -> AsyncIterator[TileServer]:
    """Serve until the end of the block."""
    made = TileServer()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.template = f"http://127.0.0.1:{runner.addresses[0][1]}/skadi/{{lat}}/{{lat}}{{lon}}.hgt.gz"
        yield made
    finally:
        made.ended.set()
        await runner.cleanup()
