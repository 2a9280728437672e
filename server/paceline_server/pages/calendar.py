"""The calendar of a year, as a picture of how much was done on each day."""

from datetime import date

from aiohttp import web

from paceline_server.keys import STATS, USERS
from paceline_server.pages.calendar_view import calendar_months, years_done
from paceline_server.pages.render import render
from paceline_server.platform.auth import require
from paceline_server.platform.queries import number_query


async def show_calendar(request: web.Request) -> web.Response:
    """GET /calendar?year=2026&type=running: the current year when nothing is said."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    standing = await request.app[STATS].standing(identity.owner_id)
    history = standing.history
    year = number_query(request, "year", date.fromordinal(standing.today).year, 1970, 2200)
    sport = request.query.get("type", "")
    if sport not in history.sports:
        sport = ""
    return render(
        "calendar.html",
        username=user.username,
        year=year,
        years=years_done(history),
        sports=history.sports,
        sport=sport,
        months=calendar_months(history, year, sport or None),
    )
