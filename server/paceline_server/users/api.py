"""HTTP of the accounts."""

from aiohttp import web

from paceline_server.keys import CONFIG, USERS
from paceline_server.platform.auth import AUTHENTICATOR, require
from paceline_server.platform.tokens import Identity, Token, token_id_of
from paceline_server.platform.web import json_response, read_json, text_field, utc_text


async def log_in(request: web.Request) -> web.Response:
    """POST /auth/login {"username", "password"} → {"access_token", …}."""
    body = await read_json(request)
    log_in = await request.app[USERS].log_in(
        text_field(body, "username"),
        text_field(body, "password"),
        request.remote or "",
        request.headers.get("User-Agent", ""),
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


async def log_out_everywhere(request: web.Request) -> web.Response:
    """POST /users/{user_id}/logout-everywhere: all sessions end, also the one it is sent with."""
    await request.app[USERS].log_out_everywhere((await require(request)).owner_id)
    return web.Response(status=204)


async def list_tokens(request: web.Request) -> web.Response:
    """GET /users/{user_id}/tokens → what opens the account now; never the tokens themselves."""
    identity = await require(request)
    tokens = await request.app[USERS].tokens(identity.owner_id)
    return json_response({"tokens": [_token(token, identity) for token in tokens]})


async def revoke_token(request: web.Request) -> web.Response:
    """DELETE /users/{user_id}/tokens/{token_id}."""
    await request.app[USERS].revoke((await require(request)).owner_id, request.match_info["token_id"])
    return web.Response(status=204)


def _token(token: Token, identity: Identity) -> dict[str, object]:
    return {
        "token_id": token.token_id,
        "kind": token.kind,
        "scopes": sorted(token.scopes) if token.scopes is not None else None,
        "label": token.label,
        "created_at": utc_text(token.created_at_s),
        "last_used_at": utc_text(token.used_at_s) if token.used_at_s is not None else None,
        "expires_at": utc_text(token.expires_at_s) if token.expires_at_s is not None else None,
        "this_one": token.token_id == token_id_of(identity.token_hash),
    }


async def get_user(request: web.Request) -> web.Response:
    """GET /users/{user_id}: one's own profile."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    return json_response(
        {"id": user.owner_id, "username": user.username, "created_at": utc_text(user.created_at_s), "settings": {}}
    )
