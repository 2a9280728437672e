"""HTTP of the training."""

import asyncio
from datetime import date

from aiohttp import web

from paceline_server.keys import POOL, TRAINING
from paceline_server.platform.answers import json_response
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.policy import Scope
from paceline_server.training.fields import recommendation_fields
from paceline_server.training.recommending import recommendations
from paceline_server.training.shapes import AdviceQuery, Recommendations


@gives(200, Recommendations)
async def get_recommendations(request: web.Request, query: AdviceQuery) -> web.Response:
    """What to do next, each with its reason.

    A program that may not read days hears nothing that follows from the resting heart rate of days.
    """
    identity = await require(request)
    days = identity.scopes is None or Scope.DAILY_READ in identity.scopes
    known = await request.app[TRAINING].known(identity.owner_id, query.first_weekday, days=days)
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(request.app[POOL], recommendations, known)
    said = [recommendation_fields(one) for one in found]
    return json_response({"today": date.fromordinal(known.today).isoformat(), "recommendations": said})
