"""The page of the statistics."""

import asyncio

from aiohttp import web

from paceline_server.keys import POOL, STATS, USERS
from paceline_server.pages.render import render
from paceline_server.pages.stats_view import StatsView, stats_view
from paceline_server.platform.auth import require
from paceline_server.words.reader import for_this_reader, reader


async def show_stats(request: web.Request) -> web.Response:
    """GET /stats?sport=running: totals, weeks, streaks, form and personal bests."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    standing = await request.app[STATS].standing(identity.owner_id)
    sport = request.query.get("sport")
    if sport not in standing.history.sports:
        sport = None
    loop = asyncio.get_running_loop()

    def make() -> StatsView:
        return standing.kept(("page", sport, reader()), lambda each: stats_view(each, sport))

    view = await loop.run_in_executor(request.app[POOL], for_this_reader(make))
    return render("stats.html", username=user.username, stats=view, total=len(standing.history.activity_ids))
