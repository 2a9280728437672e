"""HTTP of links."""

import asyncio

from aiohttp import web

from paceline_server.keys import LINKS
from paceline_server.links.shapes import Begun, HelloAnswered, Vouched
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives


@gives(201, Begun)
async def begin_link(request: web.Request) -> Begun:
    """Begin a handshake with a wearable, for a browser that carries its journal here."""
    identity = await require(request)
    return await asyncio.to_thread(request.app[LINKS].begin, identity.owner_id)


@gives(200, Vouched, refuses=(404,))
async def answer_link(request: web.Request, body: HelloAnswered) -> Vouched:
    """Finish a handshake: the proof that the wearable wants, and the keys of this connection; never the device key."""
    identity = await require(request)
    return await request.app[LINKS].answer(identity.owner_id, body.ticket, body.hello_ok)
