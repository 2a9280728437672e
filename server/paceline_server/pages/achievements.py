"""The pages of the achievements, and of a year in review."""

import asyncio
from datetime import date

from aiohttp import web

from paceline_server.keys import POOL, TRAINING, USERS
from paceline_server.pages.achievements_view import badge, best_rows, highlight_rows, month_bars, year_rows
from paceline_server.pages.render import render
from paceline_server.platform.auth import require
from paceline_server.platform.queries import number_query
from paceline_server.training.achievements import achievements_of
from paceline_server.training.year import year_fields, years_of


async def show_achievements(request: web.Request) -> web.Response:
    """GET /achievements."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    standing = await request.app[TRAINING].standing(identity.owner_id)
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(request.app[POOL], achievements_of, standing)
    begun = [badge(one) for one in found if one.value > 0]
    return render("achievements.html", username=user.username, badges=begun)


async def show_year(request: web.Request) -> web.Response:
    """GET /year?year=2025: the year in review, the current one when nothing is said."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    standing = await request.app[TRAINING].standing(identity.owner_id)
    year = number_query(request, "year", date.fromordinal(standing.today).year, 1970, 2200)
    loop = asyncio.get_running_loop()
    fields = await loop.run_in_executor(request.app[POOL], year_fields, standing.history, year)
    return render(
        "year.html",
        username=user.username,
        year=year,
        years=years_of(standing.history),
        fields=fields,
        rows=year_rows(fields),
        bars=month_bars(fields["months"], year),
        highlights=highlight_rows(fields),
        bests=best_rows(fields),
    )
