"""HTTP of the activities."""

import asyncio
from collections.abc import Mapping

import orjson
from aiohttp import web

from paceline_server.activities.access import sight_of
from paceline_server.activities.fields import activity_fields, deleted_fields, split_fields, summary_fields
from paceline_server.activities.model import Activity
from paceline_server.activities.shapes import (
    ActivityEdit,
    ActivityQuery,
    DeletedActivities,
    ListQuery,
    StreamsQuery,
)
from paceline_server.activities.shapes_shown import ActivityPage, ActivityShown, StreamsShown
from paceline_server.activities.shown import columns_shown, known_optional, shown_to
from paceline_server.activities.store import state_tag
from paceline_server.activity_list.filters import Wanted, place_of
from paceline_server.activity_list.store import key_of
from paceline_server.analysis.drawing import between, drawn
from paceline_server.formats.recording import Column
from paceline_server.keys import ACTIVITIES, ACTIVITY_LISTS, DAILY, DESIRED, EDITOR, POOL, PROFILES
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, page_of, page_response, scope_of
from paceline_server.stats.athletes import athlete_of
from paceline_server.stats.fields import analysis_fields
from paceline_server.stats.judgement import judge


@gives(200, ActivityPage)
async def list_activities(request: web.Request, query: ListQuery) -> web.Response:
    """One's activities, the latest start first where `sort` says nothing else.

    With a place, those whose route has a point there.
    """
    identity = await require(request)
    page = page_of(query.limit, query.offset, query.cursor, scope_of(request))
    wanted = Wanted(
        from_s=None if query.first_moment is None else query.first_moment.timestamp(),
        to_s=None if query.last_moment is None else query.last_moment.timestamp(),
        sport=query.type,
        min_distance_m=query.min_distance,
        max_distance_m=query.max_distance,
        min_duration_s=query.min_duration,
        max_duration_s=query.max_duration,
        words=query.text,
        visibility=query.visibility,
        place=place_of(query.box, query.near, query.radius_m),
        sort=query.sort.removeprefix("-"),
        descending=query.sort.startswith("-"),
        every_recording=query.recordings == "all",
    )
    lists = request.app[ACTIVITY_LISTS]
    found = await lists.page(identity.owner_id, wanted, page)
    total = await lists.count(identity.owner_id, wanted)
    return page_response(request, page, "activities", found, summary_fields, lambda one: key_of(one, wanted), total)


@gives(200, ActivityShown, tagged=True)
async def get_activity(request: web.Request, query: ActivityQuery) -> web.Response:
    """An activity in full, or what its owner shows of it."""
    sight = sight_of(request, query.as_who)
    activity = shown_to(sight, await request.app[ACTIVITIES].get(sight.owner_id, request.match_info["activity_id"]))
    return await _shown(request, activity, query.unit)


@gives(200, ActivityShown, refuses=(409, 503), tagged=True)
async def patch_activity(request: web.Request, body: ActivityEdit) -> web.Response:
    """Change what was said of an activity; what was recorded stays."""
    identity = await require(request)
    activity_id = request.match_info["activity_id"]
    edited = await request.app[EDITOR].edit(identity.owner_id, activity_id, body, if_match(request))
    return await _shown(request, edited)


@gives(200, ActivityShown)
async def restore_activity(request: web.Request) -> web.Response:
    """Bring back what was deleted within the last 30 days."""
    identity = await require(request)
    activity_id = request.match_info["activity_id"]
    return await _shown(request, await request.app[EDITOR].restore(identity.owner_id, activity_id))


@gives(200, DeletedActivities)
async def list_deleted(request: web.Request, query: PageQuery) -> web.Response:
    """What was deleted and can be restored."""
    identity, page = await require(request), asked(request, query)
    found = await request.app[EDITOR].deleted(identity.owner_id, page)
    return page_response(
        request, page, "activities", found, deleted_fields, lambda one: (one.deleted_at_s, one.activity.activity_id)
    )


async def _shown(request: web.Request, activity: Activity, unit: str = "km") -> web.Response:
    analysis = None
    if activity.findings is not None:
        judged = None
        if not activity.hidden:
            athlete = await athlete_of(request.app[DESIRED], request.app[DAILY], request.app[PROFILES], activity)
            judged = judge(activity.findings, athlete, activity.sport)
        analysis = analysis_fields(activity, activity.findings, judged, activity.hidden)
    fields = activity_fields(activity) | {"analysis": analysis}
    if unit == "mile":
        fields["splits"] = [split_fields(one) for one in (activity.findings.miles if activity.findings else ())]
    return tagged_response(request, fields, state_tag(activity))


@gives(200, StreamsShown, refuses=(503,))
async def get_streams(request: web.Request, query: StreamsQuery) -> web.Response:
    """Second by second, or in few rows for a screen; null where it is missing or hidden."""
    sight, activities = sight_of(request, query.as_who), request.app[ACTIVITIES]
    activity = await activities.get(sight.owner_id, request.match_info["activity_id"])
    hidden = shown_to(sight, activity).hidden
    columns = known_optional(columns_shown(hidden, await activities.streams_of(activity)))
    loop = asyncio.get_running_loop()
    body = await loop.run_in_executor(request.app[POOL], _streams_body, columns, query)
    return web.Response(body=body, content_type="application/json", headers={"Cache-Control": "no-store"})


@gives(204)
async def delete_activity(request: web.Request) -> web.Response:
    """Delete an activity; it can be restored for 30 days, and its recording does not bring it back."""
    identity = await require(request)
    activity_id = request.match_info["activity_id"]
    await request.app[ACTIVITIES].delete(identity.owner_id, activity_id)
    return web.Response(status=204)


def _streams_body(columns: Mapping[str, Column], query: StreamsQuery) -> bytes:
    if query.points is not None:
        columns = drawn(columns, query.points, from_s=query.from_s, to_s=query.to_s, mean_s=query.mean_s)
    elif query.from_s is not None or query.to_s is not None:
        columns = between(columns, query.from_s, query.to_s)
    return orjson.dumps(dict(columns), option=orjson.OPT_SERIALIZE_NUMPY)
