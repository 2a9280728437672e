"""HTTP of leaving."""

from aiohttp import web

from paceline_server.keys import LEAVING
from paceline_server.leaving.shapes import Farewell
from paceline_server.platform.auth import AUTHENTICATOR, require
from paceline_server.platform.openapi.contract import gives


@gives(204, refuses=(429,))
async def leave(request: web.Request, body: Farewell) -> web.Response:
    """Delete the account and all of it, for good and at once."""
    identity = await require(request)
    await request.app[LEAVING].leave(identity.owner_id, body.password, request.remote or "")
    response = web.Response(status=204)
    request.app[AUTHENTICATOR].forget(response)
    return response
