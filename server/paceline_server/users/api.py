"""HTTP of the accounts."""

from aiohttp import web

from paceline_server.keys import CONFIG, USERS
from paceline_server.platform.auth import AUTHENTICATOR, require
from paceline_server.platform.web import json_response, read_json, text_field, utc_text


async def log_in(request: web.Request) -> web.Response:
    """POST /auth/login {"username", "password"} → {"access_token", …}."""
    body = await read_json(request)
    log_in = await request.app[USERS].log_in(
        text_field(body, "username"), text_field(body, "password"), request.remote or ""
    )
    return json_response(
        {
            "access_token": log_in.token,
            "token_type": "Bearer",
            "expires_in": int(request.app[CONFIG].session_lifetime_s),
            "user_id": log_in.owner_id,
        }
    )


async def log_out(request: web.Request) -> web.Response:
    """POST /auth/logout: the token that it is sent with holds no more."""
    await request.app[USERS].log_out(await require(request))
    response = web.Response(status=204)
    request.app[AUTHENTICATOR].forget(response)
    return response


async def get_user(request: web.Request) -> web.Response:
    """GET /users/{user_id}: one's own profile."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    return json_response(
        {"id": user.owner_id, "username": user.username, "created_at": utc_text(user.created_at_s), "settings": {}}
    )
