"""The list of activities, and one of them."""

import asyncio
import math
import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from paceline_protocol.code_tables import SPORTS

from paceline_server.activities.access import sight_of
from paceline_server.activities.model import FINISHED, ActivitySummary
from paceline_server.activities.shown import columns_shown, shown_to
from paceline_server.activity_list.filters import Wanted
from paceline_server.keys import (
    ACTIVITIES,
    ACTIVITY_LISTS,
    CLOCK,
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
from paceline_server.pages.cards import card_of
from paceline_server.pages.chart_view import ChartView, chart_views
from paceline_server.pages.effort_view import effort_view
from paceline_server.pages.render import render
from paceline_server.pages.view import activity_view
from paceline_server.platform.auth import form_key, identify, require
from paceline_server.platform.ids import parse_id
from paceline_server.platform.paging import Page
from paceline_server.platform.queries import number_query
from paceline_server.stats.athletes import athlete_of
from paceline_server.stats.judgement import judge
from paceline_server.training.after_workout import said_after

PAGE = 24
_MONTH = re.compile(r"(19[7-9][0-9]|2[0-9]{3})-(0[1-9]|1[0-2])")
_TYPE = re.compile(r"[a-z][a-z0-9_ -]{0,31}")
VISIBILITY_WORDS = {"private": "Only me", "followers": "My followers (nobody yet)", "public": "Everybody"}
PART_WORDS = {
    "map": "Map",
    "heart_rate": "Heart rate",
    "pace": "Pace",
    "calories": "Calories",
    "notes": "Notes",
    "sets": "Sets",
}
_DRAWN = ("speed_m_s", "heart_rate_bpm", "altitude_m")


async def show_list(request: web.Request) -> web.Response:
    """GET /activities?page=1&type=running&month=2026-05: the activities, the latest first."""
    identity = await require(request)
    page = number_query(request, "page", 1, 1, 100_000)
    zone = _zone(request)
    said = {name: _said(request, name, form) for name, form in (("type", _TYPE), ("month", _MONTH))}
    user = await request.app[USERS].get(identity.owner_id)
    window = Page(PAGE, (page - 1) * PAGE)
    now_s = request.app[CLOCK]()
    found = await request.app[ACTIVITY_LISTS].listed(identity.owner_id, _wanted(said, zone), window, now_s)
    parts = {
        "cards": [card_of(summary, route, zone) for summary, route in found.activities],
        "total": found.total,
        "page": page,
        "pages": max(1, math.ceil(found.total / PAGE)),
        "sports": found.sports,
        "wanted": said,
        "asked": "".join(f"{urlencode({name: value})}&" for name, value in said.items() if value),
        "any_deleted": found.any_deleted,
    }
    return render("list.html", username=user.username, **parts)


async def show_activity(request: web.Request) -> web.Response:
    """GET /activities/{activity_id}: one activity, or what its owner shows of it; ?as=stranger: as others see it."""
    preview = request.query.get("as") == "stranger"
    sight = sight_of(request, "stranger" if preview else None)
    activities = request.app[ACTIVITIES]
    whole = await activities.get(sight.owner_id, parse_id(request.match_info["activity_id"]))
    activity = shown_to(sight, whole)
    identity = await identify(request)
    user = None if identity is None else await request.app[USERS].get(identity.owner_id)
    columns = columns_shown(activity.hidden, await activities.streams_of(whole, _DRAWN))
    loop = asyncio.get_running_loop()
    charts = await loop.run_in_executor(request.app[POOL], _charts, columns, activity)
    effort, said = None, ()
    if activity.findings is not None and activity.status == FINISHED:
        judged = None
        if not activity.hidden:
            athlete = await athlete_of(request.app[DESIRED], request.app[DAILY], request.app[PROFILES], activity)
            judged = judge(activity.findings, athlete)
            said = await said_after(request, activity, judged)
        effort = effort_view(activity, activity.findings, judged, activity.hidden)
    parts = {
        "username": None if user is None else user.username,
        "activity": activity_view(activity, _zone(request)),
        "charts": charts,
        "effort": effort,
        "feedback": said,
        "said": activity.edits,
        "own": not activity.hidden,
        "preview": preview,
        "form_key": "" if activity.hidden else form_key(request),
        "sports": sorted({*SPORTS, activity.sport}),
        "visibilities": VISIBILITY_WORDS,
        "parts_shown": PART_WORDS,
        "cuts": None if activity.hidden else cuts_of(whole),
        "recordings": (1, 0)
        if activity.hidden
        else await request.app[DUPLICATES].noticed(sight.owner_id, activity.activity_id),
        "gear": None if activity.hidden else await request.app[GEAR].for_activity(sight.owner_id, activity.activity_id),
    }
    return render("activity.html", **parts)


def _said(request: web.Request, name: str, form: re.Pattern[str]) -> str:
    """Return what the form of the list says, "" for what it cannot say."""
    text = request.query.get(name, "")
    return text if form.fullmatch(text) else ""


def _wanted(said: Mapping[str, str], zone: tzinfo) -> Wanted:
    """Return what the form asks for, months by the reader's clock."""
    month = _MONTH.fullmatch(said["month"])
    if month is None:
        return Wanted(sport=said["type"] or None)
    year, number = int(month[1]), int(month[2])
    first = datetime(year, number, 1, tzinfo=zone)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return Wanted(sport=said["type"] or None, from_s=first.timestamp(), to_s=after.timestamp())


def _charts(columns: Mapping[str, Any], activity: ActivitySummary) -> tuple[ChartView, ...]:
    lists = {
        name: [None if math.isnan(value) else value for value in column.tolist()] for name, column in columns.items()
    }
    return chart_views(lists, activity)


def _zone(request: web.Request) -> Any:
    return local_time.zone_of(request.cookies.get(local_time.COOKIE))
