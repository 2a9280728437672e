"""HTTP of the profile."""

from dataclasses import asdict
from typing import Any

import msgspec
from aiohttp import web

from paceline_server.keys import PROFILES
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tag_of, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, page_response
from paceline_server.profile.model import BodyValue, Profile
from paceline_server.profile.shapes import BodyValues, BodyValueShown, ProfileChange, ProfileShown, Value


@gives(200, ProfileShown, tagged=True)
async def get_profile(request: web.Request) -> web.Response:
    """Read one's own profile."""
    profile = await request.app[PROFILES].get((await require(request)).owner_id)
    return tagged_response(request, _shown(profile), tag_of(profile))


@gives(200, ProfileShown, tagged=True)
async def patch_profile(request: web.Request, body: ProfileChange) -> web.Response:
    """Change what is named; null takes a field back."""
    identity = await require(request)
    condition, fields = if_match(request), msgspec.to_builtins(body)
    profile = await request.app[PROFILES].change(identity.owner_id, fields, condition)
    return tagged_response(request, _shown(profile), tag_of(profile))


@gives(200, BodyValues)
async def list_body(request: web.Request, query: PageQuery) -> web.Response:
    """List what was true of the body, and from which day on."""
    owner_id, page = (await require(request)).owner_id, asked(request, query)
    values = await request.app[PROFILES].body_page(owner_id, page)
    return page_response(request, page, "values", values, _fields, lambda one: (one.metric, one.from_day))


@gives(200, BodyValueShown, tagged=True)
async def get_body(request: web.Request) -> web.Response:
    """What was said of a metric from just this day on."""
    identity = await require(request)
    match = request.match_info
    value = await request.app[PROFILES].body_value(identity.owner_id, match["metric"], match["day"])
    return tagged_response(request, _fields(value), tag_of(value))


@gives(200, BodyValueShown, tagged=True)
async def put_body(request: web.Request, body: Value) -> web.Response:
    """Say what is true from a day on, until the next value; over one of the same day."""
    identity = await require(request)
    match = request.match_info
    place = (identity.owner_id, match["metric"], match["day"])
    value = await request.app[PROFILES].set_body(*place, body.value, if_match(request))
    return tagged_response(request, _fields(value), tag_of(value))


@gives(204, refuses=(412,))
async def delete_body(request: web.Request) -> web.Response:
    """Take a value back."""
    identity = await require(request)
    match = request.match_info
    await request.app[PROFILES].remove_body(identity.owner_id, match["metric"], match["day"], if_match(request))
    return web.Response(status=204)


def _fields(value: BodyValue) -> dict[str, object]:
    return {"metric": value.metric, "from": value.from_day, "value": value.value}


def _shown(profile: Profile) -> dict[str, Any]:
    return asdict(profile) | {"language": profile.language or "en"}
