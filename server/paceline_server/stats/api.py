"""HTTP of the statistics."""

import asyncio
from datetime import date

from aiohttp import web

from paceline_server.analysis.resting_trend import RECENT_DAYS, USUAL_DAYS, resting_trend
from paceline_server.errors import ForbiddenError, InvalidError
from paceline_server.keys import POOL, PROFILES, STATS
from paceline_server.platform.answers import json_response
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.policy import Scope
from paceline_server.platform.tokens import Identity
from paceline_server.stats.fields_over_time import resting_fields, stats_fields
from paceline_server.stats.series import RESTING_SERIES, progress_points, unit_of
from paceline_server.stats.service import PERIODS
from paceline_server.stats.shapes import Progress, ProgressQuery, Stats, StatsQuery

_USUAL_DAYS = {"day": 30, "week": 26 * 7, "month": 365, "year": 10 * 366}
_MOST_DAYS = 50 * 366


@gives(200, Stats)
async def get_stats(request: web.Request, query: StatsQuery) -> web.Response:
    """Totals, streaks, personal bests, consistency and form.

    `resting` is null for a program that may not read days.
    """
    identity = await require(request)
    first_weekday = await request.app[PROFILES].first_weekday(identity.owner_id, query.first_weekday)
    standing = await request.app[STATS].standing(identity.owner_id)
    loop = asyncio.get_running_loop()

    def fields() -> dict[str, object]:
        return standing.kept(("fields", first_weekday), lambda each: stats_fields(each, first_weekday))

    made = await loop.run_in_executor(request.app[POOL], fields)
    trend = None
    if _may_read_days(identity):
        first = standing.today - RECENT_DAYS - USUAL_DAYS + 1
        trend = resting_trend(
            await request.app[STATS].resting_bpm(identity.owner_id, first, standing.today), standing.today
        )
    return json_response(made | {"resting": None if trend is None else resting_fields(trend)})


@gives(200, Progress)
async def get_progress(request: web.Request, query: ProgressQuery) -> web.Response:
    """A metric of every period: what is summed is 0 where nothing was done, others are null where nothing is known.

    The resting heart rate is told for at most a year, and only to who may read days.
    Left out, `from` and `to` are the latest 30 days, 26 weeks, year or ten years; at most 50 years.
    """
    identity = await require(request)
    kind = PERIODS[query.period]
    standing = await request.app[STATS].standing(identity.owner_id)
    last = _number(query.last_day, standing.today)
    first = _number(query.first_day, max(1, last - _USUAL_DAYS[kind] + 1))
    if not 0 <= last - first < _MOST_DAYS:
        raise InvalidError("query", "From `from` to `to` are 0 to 50 years.", field="to")
    resting = None
    if query.metric == RESTING_SERIES:
        if not _may_read_days(identity):
            raise ForbiddenError("scope", "The resting heart rate is of days, which this token may not read.")
        resting = await request.app[STATS].resting_bpm(identity.owner_id, first, last)
    first_weekday = await request.app[PROFILES].first_weekday(identity.owner_id, query.first_weekday)
    loop = asyncio.get_running_loop()
    points = await loop.run_in_executor(
        request.app[POOL],
        progress_points,
        standing,
        query.metric,
        kind,
        first_weekday,
        query.sport,
        first,
        last,
        resting,
    )
    said = {"metric": query.metric, "unit": unit_of(query.metric), "period": query.period, "sport": query.sport}
    return json_response(said | {"points": points})


def _may_read_days(identity: Identity) -> bool:
    return identity.scopes is None or Scope.DAILY_READ in identity.scopes


def _number(day: date | None, usual: int) -> int:
    return day.toordinal() if day is not None else usual
