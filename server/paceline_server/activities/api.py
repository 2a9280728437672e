"""HTTP of the activities."""

import asyncio
import gzip
from collections.abc import Mapping

import orjson
from aiohttp import web

from paceline_server.activities.fields import activity_fields, summary_fields
from paceline_server.formats.recording import Column
from paceline_server.keys import ACTIVITIES, DAILY, DESIRED, POOL, PROFILES
from paceline_server.platform.auth import require
from paceline_server.platform.ids import parse_id
from paceline_server.platform.web import json_response, number_query
from paceline_server.stats.athletes import athlete_of
from paceline_server.stats.fields import analysis_fields
from paceline_server.stats.judgement import judge

GZIP_LEVEL = 5


async def list_activities(request: web.Request) -> web.Response:
    """GET /users/{user_id}/activities?limit=50&offset=0 → summaries, the latest first."""
    identity = await require(request)
    limit = number_query(request, "limit", 50, 1, 200)
    offset = number_query(request, "offset", 0, 0, 10_000_000)
    activities = request.app[ACTIVITIES]
    page = await activities.list_for(identity.owner_id, limit, offset)
    total = await activities.count_for(identity.owner_id)
    summaries = [summary_fields(summary) for summary in page]
    return json_response({"activities": summaries, "total": total, "limit": limit, "offset": offset})


async def get_activity(request: web.Request) -> web.Response:
    """GET /activities/{activity_id}."""
    identity = await require(request)
    activity_id = parse_id(request.match_info["activity_id"])
    activity = await request.app[ACTIVITIES].get(identity.owner_id, activity_id)
    analysis = None
    if activity.findings is not None:
        athlete = await athlete_of(request.app[DESIRED], request.app[DAILY], request.app[PROFILES], activity)
        analysis = analysis_fields(activity, activity.findings, judge(activity.findings, athlete))
    return json_response(activity_fields(activity) | {"analysis": analysis})


async def get_streams(request: web.Request) -> web.Response:
    """GET /activities/{activity_id}/streams → {"time_s": […], …}, null where missing."""
    identity = await require(request)
    activity_id = parse_id(request.match_info["activity_id"])
    columns = await request.app[ACTIVITIES].streams(identity.owner_id, activity_id)
    packed = "gzip" in request.headers.get("Accept-Encoding", "").lower()
    loop = asyncio.get_running_loop()
    body = await loop.run_in_executor(request.app[POOL], _streams_body, columns, packed)
    response = web.Response(body=body, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


async def delete_activity(request: web.Request) -> web.Response:
    """DELETE /activities/{activity_id}."""
    identity = await require(request)
    activity_id = parse_id(request.match_info["activity_id"])
    await request.app[ACTIVITIES].delete(identity.owner_id, activity_id)
    return web.Response(status=204)


def _streams_body(columns: Mapping[str, Column], packed: bool) -> bytes:
    body = orjson.dumps(dict(columns), option=orjson.OPT_SERIALIZE_NUMPY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if packed else body
