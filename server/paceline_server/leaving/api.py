"""HTTP of leaving."""

from aiohttp import web

from paceline_server.keys import LEAVING
from paceline_server.platform.auth import AUTHENTICATOR, require
from paceline_server.platform.web import read_json, text_field


async def leave(request: web.Request) -> web.Response:
    """DELETE /users/{user_id} {"password"} → 204: the account and all of it is gone."""
    identity = await require(request)
    password = text_field(await read_json(request), "password")
    await request.app[LEAVING].leave(identity.owner_id, password, request.remote or "")
    response = web.Response(status=204)
    request.app[AUTHENTICATOR].forget(response)
    return response
