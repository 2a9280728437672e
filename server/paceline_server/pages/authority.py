"""The authority that vouches for this server's certificate, where the operator keeps one of his own."""

import asyncio

from aiohttp import web

from paceline_server.keys import CONFIG

LARGEST = 65536


async def show_authority(request: web.Request) -> web.Response:
    """GET /ca.pem: DATA/ca.pem, which gateways pin and phones install; whoever takes it compares its fingerprint."""
    path = request.app[CONFIG].data / "ca.pem"
    try:
        pem = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        raise web.HTTPNotFound from None
    if len(pem) > LARGEST or b"PRIVATE KEY" in pem:  # a file that holds more than it should is not shown
        raise web.HTTPNotFound
    return web.Response(body=pem, content_type="application/x-pem-file", headers={"Cache-Control": "no-cache"})
