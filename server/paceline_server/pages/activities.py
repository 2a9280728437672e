"""The list of activities, and one of them."""

import asyncio
import math
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from paceline_server.activities.model import FINISHED, ActivitySummary
from paceline_server.daily.model import RESTING, Day
from paceline_server.keys import ACTIVITIES, CLOCK, DAILY, DESIRED, DEVICES, POOL, PROFILES, USERS
from paceline_server.pages import local_time
from paceline_server.pages.chart_view import ChartView, chart_views
from paceline_server.pages.effort_view import effort_view
from paceline_server.pages.goals import rings
from paceline_server.pages.render import render
from paceline_server.pages.view import activity_view, card
from paceline_server.platform.auth import require
from paceline_server.platform.ids import parse_id
from paceline_server.platform.web import number_query
from paceline_server.stats.athletes import athlete_of
from paceline_server.stats.judgement import judge

PAGE = 24
_DRAWN = ("speed_m_s", "heart_rate_bpm", "altitude_m")


async def show_list(request: web.Request) -> web.Response:
    """GET /?page=1: the activities, the latest first."""
    identity = await require(request)
    page = number_query(request, "page", 1, 1, 100_000)
    activities = request.app[ACTIVITIES]
    user = await request.app[USERS].get(identity.owner_id)
    summaries = await activities.list_for(identity.owner_id, PAGE, (page - 1) * PAGE)
    total = await activities.count_for(identity.owner_id)
    routes = await activities.routes(identity.owner_id, [summary.activity_id for summary in summaries])
    zone = _zone(request)
    cards = [card(summary, routes.get(summary.activity_id, ""), zone) for summary in summaries]
    pages = max(1, math.ceil(total / PAGE))
    today = await request.app[DAILY].today(identity.owner_id, request.app[CLOCK]())
    parts = {
        "cards": cards,
        "total": total,
        "page": page,
        "pages": pages,
        "today": _today(today),
        "goals": await rings(request, identity.owner_id),
        "devices": [device.device_id for device in await request.app[DEVICES].list_for(identity.owner_id)],
    }
    return render("list.html", username=user.username, **parts)


async def show_activity(request: web.Request) -> web.Response:
    """GET /activities/{activity_id}: one activity."""
    identity = await require(request)
    activity_id = parse_id(request.match_info["activity_id"])
    activities = request.app[ACTIVITIES]
    activity = await activities.get(identity.owner_id, activity_id)
    user = await request.app[USERS].get(identity.owner_id)
    columns = await activities.streams(identity.owner_id, activity_id, _DRAWN)
    loop = asyncio.get_running_loop()
    charts = await loop.run_in_executor(request.app[POOL], _charts, columns, activity)
    effort = None
    if activity.findings is not None and activity.status == FINISHED:
        athlete = await athlete_of(request.app[DESIRED], request.app[DAILY], request.app[PROFILES], activity)
        effort = effort_view(activity, activity.findings, judge(activity.findings, athlete))
    view = activity_view(activity, _zone(request))
    return render("activity.html", username=user.username, activity=view, charts=charts, effort=effort)


def _today(day: Day | None) -> list[tuple[str, str]]:
    # Value and what it is, of what is known.
    if day is None:
        return []
    named = {"steps": "steps", "active_minutes": "active minutes", RESTING: "bpm at rest"}
    return [(f"{int(day.values[key]):,}", name) for key, name in named.items() if key in day.values]


def _charts(columns: Mapping[str, Any], activity: ActivitySummary) -> tuple[ChartView, ...]:
    lists = {
        name: [None if math.isnan(value) else value for value in column.tolist()] for name, column in columns.items()
    }
    return chart_views(lists, activity)


def _zone(request: web.Request) -> Any:
    return local_time.zone_of(request.cookies.get(local_time.COOKIE))
