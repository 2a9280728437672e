"""HTTP of the goals."""

from datetime import date
from typing import Any

from aiohttp import web
from msgspec import UNSET

from paceline_server.goals.progress import Period
from paceline_server.goals.service import GoalNow, key_of, unit_of
from paceline_server.goals.shapes import GoalChange, GoalPeriods, Goals, GoalShown, NewGoal, PeriodsQuery
from paceline_server.keys import GOALS, PROFILES
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tag_of, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, page_response

_NO_END = date.max.toordinal()


@gives(201, GoalShown, also={200: GoalShown}, refuses=(409,))
async def post_goal(request: web.Request, body: NewGoal) -> web.Response:
    """Make a goal.

    200 with the goal that is there when one of this `client_id` was made before.
    """
    identity = await require(request)
    found, fresh = await request.app[GOALS].add(
        identity.owner_id,
        body.goal_type,
        body.target_value,
        start=body.start_date,
        end=body.end_date,
        sport=body.sport,
        first_weekday=await request.app[PROFILES].first_weekday(identity.owner_id, body.first_weekday),
        by_profile=body.first_weekday is None,
        recurring=body.recurring,
        title=body.title,
        client_id=body.client_id,
    )
    return json_response(goal_fields(found), 201 if fresh else 200)


@gives(200, Goals)
async def list_goals(request: web.Request, query: PageQuery) -> web.Response:
    """The goals, and how far each is in its period under way."""
    owner_id, page = (await require(request)).owner_id, asked(request, query)
    found = await request.app[GOALS].list_for(owner_id, page)
    return page_response(request, page, "goals", found, goal_fields, lambda one: key_of(one.goal))


@gives(200, GoalShown, tagged=True)
async def get_goal(request: web.Request) -> web.Response:
    """A goal."""
    found = await request.app[GOALS].get((await require(request)).owner_id, request.match_info["goal_id"])
    return tagged_response(request, goal_fields(found), tag_of(found.goal))


@gives(200, GoalPeriods)
async def list_periods(request: web.Request, query: PeriodsQuery) -> web.Response:
    """A goal's periods that have begun, the latest first.

    Of metrics of days, the last 366 days are looked at.
    """
    identity = await require(request)
    found = await request.app[GOALS].periods(identity.owner_id, request.match_info["goal_id"], query.limit)
    rows = [
        {
            **dict(zip(("start", "end"), _dates(period), strict=True)),
            "progress": so_far.value,
            "achieved": so_far.achieved,
            "reached_at": None if reached_at_s is None else utc_text(reached_at_s),
        }
        for period, so_far, reached_at_s in found
    ]
    return json_response({"periods": rows})


@gives(200, GoalShown, tagged=True)
async def patch_goal(request: web.Request, body: GoalChange) -> web.Response:
    """Change a goal's target, end or title."""
    identity = await require(request)
    changes: dict[str, Any] = {}
    for name in ("target_value", "end_date", "title"):
        value = getattr(body, name)
        if value is not UNSET:
            changes[name] = value.isoformat() if isinstance(value, date) else value
    goal_id = request.match_info["goal_id"]
    found = await request.app[GOALS].change(identity.owner_id, goal_id, changes, if_match(request))
    return tagged_response(request, goal_fields(found), tag_of(found.goal))


@gives(204, refuses=(412,))
async def delete_goal(request: web.Request) -> web.Response:
    """Delete a goal and the history of its periods."""
    identity = await require(request)
    await request.app[GOALS].remove(identity.owner_id, request.match_info["goal_id"], if_match(request))
    return web.Response(status=204)


def goal_fields(found: GoalNow) -> dict[str, object]:
    """Return a goal as the API shows it."""
    goal = found.goal
    start, end = _dates(found.period)
    return {
        "goal_id": goal.goal_id,
        "goal_type": goal.goal_type,
        "metric": goal.metric,
        "unit": unit_of(goal.metric),
        "target_value": goal.target_value,
        "period": goal.period,
        "sport": goal.sport,
        "title": goal.title,
        "start_date": goal.start_date,
        "end_date": goal.end_date,
        "first_weekday": goal.weekday,
        "current_period_progress": found.progress.value,
        "current_period_start": start,
        "current_period_end": end,
        "achieved": found.progress.achieved,
        "reached_at": None if found.reached_at_s is None else utc_text(found.reached_at_s),
        "created_at": utc_text(goal.created_at_s),
    }


def _dates(period: Period) -> tuple[str, str | None]:
    end = None if period.last >= _NO_END else date.fromordinal(period.last).isoformat()
    return date.fromordinal(period.first).isoformat(), end
