"""HTTP of the days."""

from datetime import date

from aiohttp import web

from paceline_server.daily.merging import FRACTIONS
from paceline_server.daily.model import METRICS, Day, Sleep
from paceline_server.daily.saying import away_of, given_of, order_of, value_of
from paceline_server.daily.service import parse_day
from paceline_server.errors import InvalidError
from paceline_server.keys import CLOCK, DAILY
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response, read_json, utc_text


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
    rows = [{"date": day.day, "value": _number(metric, day.values[metric])} for day in days if metric in day.values]
    return json_response({"metric": metric, "days": rows})


async def post_workouts(request: web.Request) -> web.Response:
    """POST /workouts {"source", "time", "days", "counts", "sleeps"} → {"changed"}."""
    identity = await require(request)
    given = given_of(await read_json(request), request.app[CLOCK]())
    return json_response({"changed": await request.app[DAILY].give(identity.owner_id, given)})


async def put_day_metric(request: web.Request) -> web.Response:
    """PUT /users/{user_id}/daily/{day}/{metric} {"source", "value", "time"} → the day."""
    identity = await require(request)
    match = request.match_info
    given = value_of(match["metric"], match["day"], await read_json(request), request.app[CLOCK]())
    await request.app[DAILY].give(identity.owner_id, given)
    day = date.fromisoformat(given.values[0].day)
    days = await request.app[DAILY].days(identity.owner_id, day, day)
    return json_response(_fields(days[0] if days else Day(day.isoformat(), {})))


async def get_rules(request: web.Request) -> web.Response:
    """GET /users/{user_id}/daily-rules → {"sources", "time_zone", "time_zones"}."""
    return await _rules(request, (await require(request)).owner_id)


async def put_rules(request: web.Request) -> web.Response:
    """PUT /users/{user_id}/daily-rules {"sources", "time_zones"}."""
    identity = await require(request)
    body = await read_json(request)
    await request.app[DAILY].set_rules(identity.owner_id, order_of(body), away_of(body))
    return await _rules(request, identity.owner_id)


async def _rules(request: web.Request, owner_id: str) -> web.Response:
    order, local = await request.app[DAILY].rules(owner_id)
    away = [{"from": day, "time_zone": zone} for day, zone in local.away]
    return json_response({"sources": order, "time_zone": local.home, "time_zones": away})


async def _asked(request: web.Request, owner_id: str) -> list[Day]:
    bounds = [parse_day(request.query[name], name) if name in request.query else None for name in ("from", "to")]
    return await request.app[DAILY].days(owner_id, *bounds)


def _fields(day: Day) -> dict[str, object]:
    sources = {source: _numbers(values) for source, values in day.sources.items()}
    return {"date": day.day, **_numbers(day.values), "sleeps": [_sleep(one) for one in day.sleeps], "sources": sources}


def _sleep(sleep: Sleep) -> dict[str, object]:
    began_s = sleep.start_utc_s
    return {
        "source": sleep.source,
        "sleep_id": sleep.sleep_id,
        "start_time": utc_text(began_s),
        "end_time": utc_text(sleep.end_utc_s),
        "stages": [
            {"stage": stage, "start_time": utc_text(began_s + start_s), "end_time": utc_text(began_s + end_s)}
            for start_s, end_s, stage in sleep.stages
        ],
    }


def _numbers(values: dict[str, float]) -> dict[str, float | None]:
    return {metric: _number(metric, values[metric]) if metric in values else None for metric in METRICS}


def _number(metric: str, value: float) -> float:
    return value if metric in FRACTIONS else int(value)
