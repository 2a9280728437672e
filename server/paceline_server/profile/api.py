"""HTTP of the profile."""

from dataclasses import asdict

from aiohttp import web

from paceline_server.keys import PROFILES
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tag_of, tagged_response
from paceline_server.platform.web import json_response, read_json
from paceline_server.profile.model import BodyValue


async def get_profile(request: web.Request) -> web.Response:
    """GET /users/{user_id}/profile."""
    profile = await request.app[PROFILES].get((await require(request)).owner_id)
    return tagged_response(request, asdict(profile), tag_of(profile))


async def patch_profile(request: web.Request) -> web.Response:
    """PATCH /users/{user_id}/profile with the fields to change; null takes one back."""
    identity = await require(request)
    condition, fields = if_match(request), await read_json(request)
    profile = await request.app[PROFILES].change(identity.owner_id, fields, condition)
    return tagged_response(request, asdict(profile), tag_of(profile))


async def list_body(request: web.Request) -> web.Response:
    """GET /users/{user_id}/body → {"values": [{"metric", "from", "value"}]}."""
    values = await request.app[PROFILES].body((await require(request)).owner_id)
    return json_response({"values": [_fields(value) for value in values]})


async def put_body(request: web.Request) -> web.Response:
    """PUT /users/{user_id}/body/{metric}/{day} {"value"}: true from that day on, until the next value."""
    identity = await require(request)
    match, body = request.match_info, await read_json(request)
    value = await request.app[PROFILES].set_body(identity.owner_id, match["metric"], match["day"], body.get("value"))
    return json_response(_fields(value))


async def delete_body(request: web.Request) -> web.Response:
    """DELETE /users/{user_id}/body/{metric}/{day} → 204."""
    identity = await require(request)
    match = request.match_info
    await request.app[PROFILES].remove_body(identity.owner_id, match["metric"], match["day"])
    return web.Response(status=204)


def _fields(value: BodyValue) -> dict[str, object]:
    return {"metric": value.metric, "from": value.from_day, "value": value.value}
