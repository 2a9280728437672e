"""HTTP of the training."""

import asyncio
from datetime import date

from aiohttp import web

from paceline_server.activities.model import FINISHED
from paceline_server.keys import ACTIVITIES, DAILY, DESIRED, POOL, PROFILES, TRAINING
from paceline_server.platform.answers import json_response
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.policy import Scope
from paceline_server.stats.athletes import athlete_of
from paceline_server.stats.judgement import judge
from paceline_server.training.achievements import achievements_of
from paceline_server.training.after_workout import said_after
from paceline_server.training.fields import achievement_fields, recommendation_fields
from paceline_server.training.recommending import recommendations
from paceline_server.training.shapes import (
    Achievements,
    AdviceQuery,
    FeedbackShown,
    Recommendations,
    YearQuery,
    YearShown,
)
from paceline_server.training.year import year_fields


@gives(200, Recommendations)
async def get_recommendations(request: web.Request, query: AdviceQuery) -> web.Response:
    """What to do next, each with its reason.

    A program that may not read days hears nothing that follows from the resting heart rate of days.
    """
    identity = await require(request)
    days = identity.scopes is None or Scope.DAILY_READ in identity.scopes
    first_weekday = await request.app[PROFILES].first_weekday(identity.owner_id, query.first_weekday)
    known = await request.app[TRAINING].known(identity.owner_id, first_weekday, days=days)
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(request.app[POOL], recommendations, known)
    said = [recommendation_fields(one) for one in found]
    return json_response({"today": date.fromordinal(known.today).isoformat(), "recommendations": said})


@gives(200, Achievements)
async def list_achievements(request: web.Request) -> web.Response:
    """What was reached by the declared rules, and how far the next marks are."""
    identity = await require(request)
    standing = await request.app[TRAINING].standing(identity.owner_id)
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(request.app[POOL], achievements_of, standing)
    return json_response({"achievements": [achievement_fields(one) for one in found]})


@gives(200, YearShown)
async def get_year(request: web.Request, query: YearQuery) -> web.Response:
    """A year in review."""
    identity = await require(request)
    standing = await request.app[TRAINING].standing(identity.owner_id)
    year = query.year or date.fromordinal(standing.today).year
    loop = asyncio.get_running_loop()
    return json_response(await loop.run_in_executor(request.app[POOL], year_fields, standing.history, year))


@gives(200, FeedbackShown)
async def get_feedback(request: web.Request) -> web.Response:
    """What is said after a workout, in two or three sentences; none of one that is under way."""
    identity = await require(request)
    activity = await request.app[ACTIVITIES].get(identity.owner_id, request.match_info["activity_id"])
    said: tuple[str, ...] = ()
    if activity.findings is not None and activity.status == FINISHED:
        athlete = await athlete_of(request.app[DESIRED], request.app[DAILY], request.app[PROFILES], activity)
        said = await said_after(request, activity, judge(activity.findings, athlete, activity.sport))
    return json_response({"feedback": list(said)})
