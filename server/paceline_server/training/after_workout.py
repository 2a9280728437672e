"""What is said after a workout, read with what was before it."""

import asyncio

from aiohttp import web

from paceline_server.activities.model import Activity
from paceline_server.analysis.beside_history import Beside, beside
from paceline_server.analysis.capacity_by_heart import capacities
from paceline_server.keys import POOL, PROFILES, STATS
from paceline_server.stats.judgement import Judgement
from paceline_server.stats.service import Standing
from paceline_server.training.feedback import feedback


async def said_after(request: web.Request, activity: Activity, judged: Judgement) -> tuple[str, ...]:
    """Return the sentences about a finished activity; none before its sums are there, or without findings."""
    standing = await request.app[STATS].standing(activity.owner_id)
    first_weekday = await request.app[PROFILES].first_weekday(activity.owner_id)
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(request.app[POOL], _beside, standing, activity.activity_id, first_weekday)
    if found is None or activity.findings is None:
        return ()
    return feedback(activity, activity.findings, judged, found)


def _beside(standing: Standing, activity_id: str, first_weekday: int) -> Beside | None:
    load, capacity = standing.kept(
        "each activity",
        lambda each: (each.history.load(each.athletes), capacities(each.history, each.athletes)),
    )
    return beside(standing.history, load, capacity, activity_id, first_weekday)
