"""HTTP of the statistics."""

import asyncio

from aiohttp import web

from paceline_server.daily.service import parse_day
from paceline_server.errors import InvalidError
from paceline_server.keys import POOL, STATS
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response, number_query
from paceline_server.stats.fields_over_time import progress_points, stats_fields
from paceline_server.stats.service import checked_metric, checked_period

_USUAL_DAYS = {"day": 30, "week": 26 * 7, "month": 365, "year": 10 * 366}
_MOST_DAYS = 50 * 366


async def get_stats(request: web.Request) -> web.Response:
    """GET /users/{user_id}/stats?first_weekday=0 → totals, streaks, personal bests, form."""
    identity = await require(request)
    first_weekday = number_query(request, "first_weekday", 0, 0, 6)
    standing = await request.app[STATS].standing(identity.owner_id)
    loop = asyncio.get_running_loop()

    def fields() -> dict[str, object]:
        return standing.kept(("fields", first_weekday), lambda each: stats_fields(each, first_weekday))

    return json_response(await loop.run_in_executor(request.app[POOL], fields))


async def get_progress(request: web.Request) -> web.Response:
    """GET /users/{user_id}/progress?metric=distance&period=weekly → a metric of every period."""
    identity = await require(request)
    metric, unit = checked_metric(request.query.get("metric", "distance"))
    period = request.query.get("period", "weekly")
    kind = checked_period(period)
    first_weekday = number_query(request, "first_weekday", 0, 0, 6)
    standing = await request.app[STATS].standing(identity.owner_id)
    last = _day(request, "to", standing.today)
    first = _day(request, "from", max(1, last - _USUAL_DAYS[kind] + 1))
    if not 0 <= last - first < _MOST_DAYS:
        raise InvalidError("query", "From `from` to `to` are 0 to 50 years.", field="to")
    sport = request.query.get("sport")
    loop = asyncio.get_running_loop()
    points = await loop.run_in_executor(
        request.app[POOL], progress_points, standing, metric, kind, first_weekday, sport, first, last
    )
    return json_response({"metric": metric, "unit": unit, "period": period, "sport": sport, "points": points})


def _day(request: web.Request, name: str, usual: int) -> int:
    return parse_day(request.query[name], name).toordinal() if name in request.query else usual
