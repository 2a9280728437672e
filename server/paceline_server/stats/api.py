"""HTTP of the statistics."""

import asyncio
from datetime import date

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.keys import POOL, STATS
from paceline_server.platform.answers import json_response
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.stats.fields_over_time import progress_points, stats_fields
from paceline_server.stats.service import PERIODS, unit_of
from paceline_server.stats.shapes import Progress, ProgressQuery, Stats, StatsQuery

_USUAL_DAYS = {"day": 30, "week": 26 * 7, "month": 365, "year": 10 * 366}
_MOST_DAYS = 50 * 366


@gives(200, Stats)
async def get_stats(request: web.Request, query: StatsQuery) -> web.Response:
    """Totals, streaks, personal bests and form."""
    identity = await require(request)
    first_weekday = query.first_weekday
    standing = await request.app[STATS].standing(identity.owner_id)
    loop = asyncio.get_running_loop()

    def fields() -> dict[str, object]:
        return standing.kept(("fields", first_weekday), lambda each: stats_fields(each, first_weekday))

    return json_response(await loop.run_in_executor(request.app[POOL], fields))


@gives(200, Progress)
async def get_progress(request: web.Request, query: ProgressQuery) -> web.Response:
    """A metric of every period, 0 where nothing was done.

    Left out, `from` and `to` are the latest 30 days, 26 weeks, year or ten years; at most 50 years.
    """
    identity = await require(request)
    kind = PERIODS[query.period]
    standing = await request.app[STATS].standing(identity.owner_id)
    last = _number(query.last_day, standing.today)
    first = _number(query.first_day, max(1, last - _USUAL_DAYS[kind] + 1))
    if not 0 <= last - first < _MOST_DAYS:
        raise InvalidError("query", "From `from` to `to` are 0 to 50 years.", field="to")
    loop = asyncio.get_running_loop()
    points = await loop.run_in_executor(
        request.app[POOL], progress_points, standing, query.metric, kind, query.first_weekday, query.sport, first, last
    )
    said = {"metric": query.metric, "unit": unit_of(query.metric), "period": query.period, "sport": query.sport}
    return json_response(said | {"points": points})


def _number(day: date | None, usual: int) -> int:
    return day.toordinal() if day is not None else usual
