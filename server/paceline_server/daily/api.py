"""HTTP of the days."""

from collections.abc import Sequence
from datetime import date

import msgspec
from aiohttp import web

from paceline_server.daily import store
from paceline_server.daily.merging import FRACTIONS
from paceline_server.daily.model import METRICS, Day, Sleep
from paceline_server.daily.saying import away_of, given_of, order_of, value_of
from paceline_server.daily.shapes import (
    Batch,
    Changed,
    DayShown,
    DaysQuery,
    DaysShown,
    FigureSaid,
    HistoryQuery,
    HistoryShown,
    Rules,
    RulesShown,
)
from paceline_server.errors import ConflictError, ForbiddenError, InvalidError
from paceline_server.keys import CLOCK, DAILY, UPLOADS
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.policy import Action, Facts, Scope, Verdict, Viewer, decide
from paceline_server.uploads.shapes import NewActivity

BATCH_BYTES = 4 << 20


@gives(200, DaysShown)
async def list_days(request: web.Request, query: DaysQuery) -> web.Response:
    """List the days of which something is known."""
    identity = await require(request)
    return json_response({"days": [_fields(day) for day in await _asked(request, identity.owner_id, query)]})


@gives(200, HistoryShown)
async def metric_history(request: web.Request, query: HistoryQuery) -> web.Response:
    """Read the history of one metric, day by day."""
    identity = await require(request)
    metric, days = query.metric, await _asked(request, identity.owner_id, query)
    rows = [{"date": day.day, "value": _number(metric, day.values[metric])} for day in days if metric in day.values]
    return json_response({"metric": metric, "days": rows})


@gives(200, Changed, at_most=BATCH_BYTES)
async def post_workouts(request: web.Request, body: Batch) -> web.Response:
    """Hand in what a device counted and the workouts it has; the same batch again changes nothing.

    A workout that is refused does not hold the others up: its row of the answer says why.
    """
    identity = await require(request)
    workouts, body = body.workouts, msgspec.structs.replace(body, workouts=[])
    given = given_of(msgspec.to_builtins(body), request.app[CLOCK]())
    if workouts:
        _check_workouts(identity.viewer, workouts)
    changed = await request.app[DAILY].give(identity.owner_id, given)
    if not workouts:
        return json_response({"changed": changed})
    taken = [await _taken(request, identity.owner_id, workout) for workout in workouts]
    return json_response({"changed": changed, "workouts": taken})


def _check_workouts(viewer: Viewer, workouts: Sequence[NewActivity]) -> None:
    needed = frozenset({Scope.ACTIVITIES_WRITE})
    if decide(viewer, Action.WRITE, Facts(viewer.owner_id), needed) is not Verdict.ALLOW:
        raise ForbiddenError("scope", "This token may say what was counted, but add no workouts.")
    for n, workout in enumerate(workouts):
        if workout.client_id is None and workout.activity_id is None:
            message = "A workout of a batch has an id of the client's, so that it can be sent again."
            raise InvalidError("field", message, field=f"workouts[{n}].client_id")


async def _taken(request: web.Request, owner_id: str, workout: NewActivity) -> dict[str, object]:
    # One that cannot be does not hold the others up.
    said: dict[str, object] = {
        "client_id": workout.client_id,
        "activity_id": workout.activity_id,
        "error": None,
        "message": None,
    }
    try:
        taken = await request.app[UPLOADS].take(owner_id, workout)
    except (InvalidError, ConflictError) as error:
        return said | {"status": "refused", "error": error.code, "message": error.message}
    return said | {"activity_id": taken.activity_id, "status": "deleted" if taken.deleted else "saved"}


@gives(200, DayShown)
async def put_day_metric(request: web.Request, body: FigureSaid) -> web.Response:
    """Say what a source knows of a day."""
    identity = await require(request)
    match = request.match_info
    given = value_of(match["metric"], match["day"], msgspec.to_builtins(body), request.app[CLOCK]())
    await request.app[DAILY].give(identity.owner_id, given)
    day = date.fromisoformat(given.values[0].day)
    days = await request.app[DAILY].days(identity.owner_id, day, day)
    return json_response(_fields(days[0] if days else Day(day.isoformat(), {})))


@gives(200, RulesShown, tagged=True)
async def get_rules(request: web.Request) -> web.Response:
    """Read by which rules sources become days."""
    return await _rules(request, (await require(request)).owner_id)


@gives(200, RulesShown, tagged=True)
async def put_rules(request: web.Request, body: Rules) -> web.Response:
    """Set the rules by which sources become days; days change at once, also those past."""
    identity = await require(request)
    said = msgspec.to_builtins(body)
    await request.app[DAILY].set_rules(identity.owner_id, order_of(said), away_of(said), if_match(request))
    return await _rules(request, identity.owner_id)


async def _rules(request: web.Request, owner_id: str) -> web.Response:
    order, local = await request.app[DAILY].rules(owner_id)
    away = [{"from": day, "time_zone": zone} for day, zone in local.away]
    body = {"sources": order, "time_zone": local.home, "time_zones": away}
    return tagged_response(request, body, store.rules_tag(order, local))


async def _asked(request: web.Request, owner_id: str, query: DaysQuery) -> list[Day]:
    return await request.app[DAILY].days(owner_id, query.first_day, query.last_day)


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
