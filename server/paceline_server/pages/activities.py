"""An activity."""

import asyncio
from typing import Any

from aiohttp import web
from paceline_protocol.code_tables import SPORTS

from paceline_server.activities.access import sight_of
from paceline_server.activities.model import FINISHED
from paceline_server.activities.shown import columns_shown, shown_to
from paceline_server.keys import (
    ACTIVITIES,
    DAILY,
    DESIRED,
    DUPLICATES,
    GEAR,
    POOL,
    PROFILES,
    USERS,
)
from paceline_server.pages import local_time
from paceline_server.pages.activity_said import cuts_of
from paceline_server.pages.along_the_way import COLUMNS, along_the_way, few_rows
from paceline_server.pages.effort_view import effort_view
from paceline_server.pages.map_source import MAP_SOURCE
from paceline_server.pages.render import render
from paceline_server.pages.view import activity_view
from paceline_server.platform.auth import form_key, identify
from paceline_server.platform.ids import parse_id
from paceline_server.stats.athletes import athlete_of
from paceline_server.stats.judgement import judge
from paceline_server.training.after_workout import said_after
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

VISIBILITY_WORDS = {"private": N_("Only me"), "followers": N_("My followers (nobody yet)"), "public": N_("Everybody")}
PART_WORDS = {
    "map": N_("Map"),
    "heart_rate": N_("Heart rate"),
    "pace": N_("Pace"),
    "calories": N_("Calories"),
    "notes": N_("Notes"),
    "sets": N_("Sets"),
}


async def show_activity(request: web.Request) -> web.Response:
    """GET /activities/{activity_id}: one activity, or what its owner shows of it; ?as=stranger: as others see it."""
    preview = request.query.get("as") == "stranger"
    sight = sight_of(request, "stranger" if preview else None)
    activities = request.app[ACTIVITIES]
    whole = await activities.get(sight.owner_id, parse_id(request.match_info["activity_id"]))
    activity = shown_to(sight, whole)
    identity = await identify(request)
    user = None if identity is None else await request.app[USERS].get(identity.owner_id)
    columns = columns_shown(activity.hidden, await activities.streams_of(whole, COLUMNS))
    loop = asyncio.get_running_loop()
    lists, points = await loop.run_in_executor(request.app[POOL], few_rows, columns)
    effort, said = None, ()
    if activity.findings is not None and activity.status == FINISHED:
        judged = None
        if not activity.hidden:
            athlete = await athlete_of(request.app[DESIRED], request.app[DAILY], request.app[PROFILES], activity)
            judged = judge(activity.findings, athlete, activity.sport)
            said = await said_after(request, activity, judged)
        effort = effort_view(activity, activity.findings, judged, activity.hidden)
    parts = {
        "username": None if user is None else user.username,
        "activity": activity_view(activity, _zone(request)),
        "along": along_the_way(lists, points, activity, request.query.get("colour", "")),
        "effort": effort,
        "feedback": said,
        "said": activity.edits,
        "own": not activity.hidden,
        "preview": preview,
        "form_key": "" if activity.hidden else form_key(request),
        "sports": sorted({*SPORTS, activity.sport}),
        "visibilities": {name: _(said) for name, said in VISIBILITY_WORDS.items()},
        "parts_shown": {name: _(said) for name, said in PART_WORDS.items()},
        "cuts": None if activity.hidden else cuts_of(whole),
        "recordings": (1, 0)
        if activity.hidden
        else await request.app[DUPLICATES].noticed(sight.owner_id, activity.activity_id),
        "gear": None if activity.hidden else await request.app[GEAR].for_activity(sight.owner_id, activity.activity_id),
    }
    source = request.app[MAP_SOURCE]
    response = render("activity.html", map_source=source, **parts)
    if source is not None:
        response.headers["Content-Security-Policy"] = source.policy
    return response


def _zone(request: web.Request) -> Any:
    return local_time.zone_of(request.cookies.get(local_time.COOKIE))
