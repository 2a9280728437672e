"""The page of goals."""

from datetime import date

from aiohttp import web

from paceline_server.analysis.periods import first_day
from paceline_server.errors import ConflictError, InvalidError, NotFoundError
from paceline_server.goals.model import PERIODS as KIND_OF
from paceline_server.goals.words import METRICS, PERIODS, goal_unit
from paceline_server.keys import GOALS, USERS
from paceline_server.pages.goals_view import goal_view
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.ids import parse_id
from paceline_server.words.reader import reader
from paceline_server.words.speech import gettext as _

FIELDS = ("metric", "period", "target", "sport", "end")
SPORTS = ("running", "walking", "hiking", "cycling", "swimming", "strength", "indoor", "other")
LARGEST = 1e9


async def show_goals(request: web.Request) -> web.Response:
    """GET /goals."""
    return await _page(request)


async def post_goal(request: web.Request) -> web.StreamResponse:
    """POST /goals {metric, period, target, sport, end, form_key}: make a goal."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    told = {name: str(form.get(name, "")).strip() for name in FIELDS}
    try:
        if told["metric"] not in METRICS or told["period"] not in PERIODS or told["sport"] not in ("", *SPORTS):
            raise InvalidError("field", "Choose what to reach, and by when.")
        period = "total" if told["metric"] in ("streak", "weight") else told["period"]
        await request.app[GOALS].add(
            identity.owner_id,
            f"{period}_{told['metric']}",
            _target(told["target"], told["metric"]),
            start=await _start(request, identity.owner_id, period),
            end=_day(told["end"]),
            sport=told["sport"] or None,
            first_weekday=reader().first_weekday,
            by_profile=True,
        )
    except (InvalidError, ConflictError) as error:
        return await _page(request, trouble=error.message, told=told, status=400)
    return web.Response(status=303, headers={"Location": "/goals", "Cache-Control": "no-store"})


async def post_one_goal(request: web.Request) -> web.StreamResponse:
    """POST /goals/{goal_id} {do: save | end | delete, target, form_key}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    goals, goal_id = request.app[GOALS], parse_id(request.match_info["goal_id"])
    found = await goals.get(identity.owner_id, goal_id)
    try:
        if form.get("do") == "delete":
            await goals.remove(identity.owner_id, goal_id)
        elif form.get("do") == "end":
            await goals.end(identity.owner_id, goal_id)
        else:
            target = _target(str(form.get("target", "")), found.goal.metric)
            await goals.change(identity.owner_id, goal_id, {"target_value": target})
    except InvalidError as error:
        return await _page(request, trouble=error.message, status=400)
    except NotFoundError:
        pass  # it is gone already
    return web.Response(status=303, headers={"Location": "/goals", "Cache-Control": "no-store"})


async def _page(
    request: web.Request, *, trouble: str = "", told: dict[str, str] | None = None, status: int = 200
) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    views = [goal_view(found) for found in await request.app[GOALS].list_for(identity.owner_id)]
    return render(
        "goals.html",
        status=status,
        username=user.username,
        goals=[view for view in views if not view.ended],
        ended=[view for view in views if view.ended],
        metrics={metric: _with_unit(_(name), goal_unit(metric)[0]) for metric, (name, *_said) in METRICS.items()},
        periods={period: _(said) for period, said in PERIODS.items()},
        sports=SPORTS,
        told=told or dict.fromkeys(FIELDS, "") | {"period": "weekly"},
        trouble=trouble,
        form_key=form_key(request),
    )


async def _start(request: web.Request, owner_id: str, period: str) -> date:
    # What was done this week counts for a goal that is set in the middle of it.
    today = await request.app[GOALS].today(owner_id)
    kind = KIND_OF[period]
    return date.fromordinal(today if kind == "all" else first_day(today, kind, reader().first_weekday))


def _with_unit(name: str, unit: str) -> str:
    return name if unit.casefold() in name.casefold().split() else f"{name} ({unit})"


def _target(text: str, metric: str) -> float:
    try:
        value = float(text.replace(",", ".")) * goal_unit(metric)[1]
    except ValueError:
        value = 0.0
    if not 0 < value <= LARGEST:
        raise InvalidError("field", "Say how much, as a number above 0.", field="target")
    return value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidError("field", "Say the last day as a date.", field="end") from error
