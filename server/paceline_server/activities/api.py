"""HTTP of the activities."""

import asyncio
import gzip
from collections.abc import Mapping
from datetime import UTC, datetime

import orjson
from aiohttp import web

from paceline_server.activities.model import Activity, ActivitySummary
from paceline_server.errors import NotFoundError
from paceline_server.formats.recording import Column
from paceline_server.keys import ACTIVITIES, HUB, POOL
from paceline_server.platform.auth import require
from paceline_server.platform.ids import parse_id
from paceline_server.platform.web import json_response, number_query

GZIP_LEVEL = 5


async def list_activities(request: web.Request) -> web.Response:
    """GET /users/{user_id}/activities?limit=50&offset=0 → summaries, the latest first."""
    identity = await require(request)
    if request.match_info["user_id"] != identity.owner_id:
        raise NotFoundError("not_found", "There is no such user, or it is not you.")
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
    return json_response(activity_fields(await request.app[ACTIVITIES].get(identity.owner_id, activity_id)))


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
    request.app[HUB].close((identity.owner_id, activity_id))
    return web.Response(status=204)


def summary_fields(activity: ActivitySummary) -> dict[str, object]:
    """Return an activity as lists show it: the contract's names, then ours with units."""
    pace = activity.average_pace_s_km
    return {
        "activity_id": activity.activity_id,
        "user_id": activity.owner_id,
        "type": activity.sport,
        "status": activity.status,
        "source": activity.source,
        "start_time": utc_text(activity.start_utc_s),
        "duration": round(activity.duration_s),
        "distance": round(activity.distance_m, 1),
        "calories": activity.calories_kcal,
        "average_pace": None if pace is None else round(pace, 1),
        "heart_rate_avg": _rounded(activity.heart_rate_avg_bpm),
        "heart_rate_max": _rounded(activity.heart_rate_max_bpm),
        "points_count": activity.points_count,
        "start_utc_s": activity.start_utc_s,
        "duration_s": round(activity.duration_s, 3),
        "moving_time_s": round(activity.moving_time_s, 3),
        "distance_m": round(activity.distance_m, 2),
        "ascent_m": _rounded(activity.ascent_m),
        "average_pace_s_km": None if pace is None else round(pace, 1),
        "whole": activity.whole,
    }


def activity_fields(activity: Activity) -> dict[str, object]:
    """Return an activity in full."""
    return summary_fields(activity) | {
        "route_polyline": activity.route_polyline,
        "created_at": utc_text(activity.created_at_s),
        "updated_at": utc_text(activity.updated_at_s),
        "receipt": activity.receipt.as_fields(),
        "laps": [{"start_s": lap.start_s, "end_s": lap.end_s, "trigger": lap.trigger} for lap in activity.laps],
        "pauses": [{"start_s": pause.start_s, "end_s": pause.end_s} for pause in activity.pauses],
        "splits": [
            {
                "distance_m": round(split.distance_m, 1),
                "duration_s": round(split.duration_s, 1),
                "moving_time_s": round(split.moving_time_s, 1),
                "ascent_m": _rounded(split.ascent_m),
                "heart_rate_avg_bpm": _rounded(split.heart_rate_avg_bpm),
            }
            for split in activity.splits
        ],
    }


def utc_text(utc_s: float) -> str:
    """Return Unix seconds as the API writes a time."""
    return datetime.fromtimestamp(int(utc_s), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _streams_body(columns: Mapping[str, Column], packed: bool) -> bytes:
    body = orjson.dumps(dict(columns), option=orjson.OPT_SERIALIZE_NUMPY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if packed else body
