"""HTTP of the days."""

from aiohttp import web

from paceline_server.daily.model import METRICS, Day
from paceline_server.daily.service import parse_day, usual_range
from paceline_server.errors import InvalidError
from paceline_server.keys import CLOCK, DAILY
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response


async def list_days(request: web.Request) -> web.Response:
    """GET /users/{user_id}/daily?from=2026-05-01&to=2026-05-31 → the days of which something is known."""
    identity = await require(request)
    return json_response({"days": [_fields(day) for day in await _asked(request, identity.owner_id)]})


async def metric_history(request: web.Request) -> web.Response:
    """GET /workouts?metric=steps&from=…&to=… → the history of one metric, day by day."""
    identity = await require(request)
    metric = request.query.get("metric", "")
    if metric not in METRICS:
        raise InvalidError("query", f"metric must be one of {', '.join(METRICS)}.", field="metric")
    days = await _asked(request, identity.owner_id)
    rows = [{"date": day.day, "value": int(day.values[metric])} for day in days if metric in day.values]
    return json_response({"metric": metric, "days": rows})


async def _asked(request: web.Request, owner_id: str) -> list[Day]:
    first, last = usual_range(request.app[CLOCK]())
    if "from" in request.query:
        first = parse_day(request.query["from"], "from")
    if "to" in request.query:
        last = parse_day(request.query["to"], "to")
    return await request.app[DAILY].days(owner_id, first, last)


def _fields(day: Day) -> dict[str, object]:
    sources = {source: _numbers(values) for source, values in day.sources.items()}
    return {"date": day.day, **_numbers(day.values), "sources": sources}


def _numbers(values: dict[str, float]) -> dict[str, int | None]:
    return {metric: int(values[metric]) if metric in values else None for metric in METRICS}
