"""HTTP of registrations."""

from typing import Any

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.keys import REGISTRATION
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response, read_json, text_field, utc_text


async def register(request: web.Request) -> web.Response:
    """POST /users {"username", "email", "password", "invitation"} → 201 {"id", "username"}."""
    body = await read_json(request)
    user = await request.app[REGISTRATION].register(
        text_field(body, "username"),
        _optional(body, "email"),
        text_field(body, "password"),
        _optional(body, "invitation"),
        request.remote or "",
    )
    return json_response({"id": user.owner_id, "username": user.username}, 201)


async def invite(request: web.Request) -> web.Response:
    """POST /invitations → 201 {"invitation", "expires_at"}: for one account, to be handed on."""
    invitation = await request.app[REGISTRATION].invite((await require(request)).owner_id)
    return json_response({"invitation": invitation.code, "expires_at": utc_text(invitation.expires_at_s)}, 201)


def _optional(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > 1000):
        raise InvalidError("field", f"{name} must be a text of at most 1000 characters.", field=name)
    return value or ""
