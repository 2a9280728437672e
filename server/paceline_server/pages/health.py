"""The page of the health: steps, energy, weight, sleep; and the forms of meals and weight."""

from datetime import date, datetime

from aiohttp import web

from paceline_server.errors import ConflictError, InvalidError, NotFoundError
from paceline_server.health.model import DIET_GOAL, MOST_KCAL
from paceline_server.keys import CLOCK, DAILY, GOALS, HEALTH, PROFILES, USERS
from paceline_server.pages.health_view import USUAL_STEPS, health_view, meal_view
from paceline_server.pages.profile import body_trouble, clock_unsaid
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.ids import parse_id
from paceline_server.words.quantities import unit_si
from paceline_server.words.speech import gettext as _

SHOWN_DAYS = 90


async def show_health(request: web.Request) -> web.Response:
    """GET /health."""
    return await _page(request)


async def post_health(request: web.Request) -> web.StreamResponse:
    """POST /health {do: eat | change | delete | weigh | aim, name, kcal, time, meal_id, value, day, form_key}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    told = {name: str(value).strip() for name, value in form.items()}
    try:
        await _do(request, identity.owner_id, told)
    except (InvalidError, ConflictError) as error:
        return await _page(request, trouble=error.message, status=400)
    except NotFoundError:
        pass  # it is gone already
    return web.Response(status=303, headers={"Location": "/health", "Cache-Control": "no-store"})


async def _do(request: web.Request, owner_id: str, told: dict[str, str]) -> None:
    health, do = request.app[HEALTH], told.get("do")
    today = (await health.today(owner_id)).isoformat()
    if do == "eat":
        eaten_at_s = await _moment_s(request, owner_id, told.get("time", ""))
        await health.add(owner_id, told.get("name", "")[:100] or _("Meal"), _energy(told), eaten_at_s)
    elif do == "change":
        changes = {"name": told.get("name", "")[:100] or _("Meal"), "energy_kcal": _energy(told)}
        await health.change(owner_id, parse_id(told.get("meal_id", "")), changes)
    elif do == "delete":
        await health.remove(owner_id, parse_id(told.get("meal_id", "")))
    elif do == "weigh":
        await _set_body(request, owner_id, "weight_kg", told.get("day") or today, _kilograms(told.get("value", "")))
    elif do == "aim":
        await _set_body(request, owner_id, DIET_GOAL, today, _number(told.get("value", "")))


async def _set_body(request: web.Request, owner_id: str, metric: str, day: str, value: object) -> None:
    try:
        await request.app[PROFILES].set_body(owner_id, metric, day, value)
    except InvalidError as error:
        raise InvalidError(error.code, body_trouble(metric, error)) from error


async def _page(request: web.Request, *, trouble: str = "", status: int = 200) -> web.Response:
    owner_id = (await require(request)).owner_id
    health, clock = request.app[HEALTH], request.app[CLOCK]
    user = await request.app[USERS].get(owner_id)
    today = await health.today(owner_id)
    days = await health.days(owner_id, date.fromordinal(today.toordinal() - SHOWN_DAYS + 1), today)
    goals = [found.goal for found in await request.app[GOALS].list_for(owner_id)]
    steps = [
        goal.target_value
        for goal in goals
        if (goal.metric, goal.period) == ("steps", "daily") and goal.first <= today.toordinal() <= goal.last
    ]
    local = await request.app[DAILY].local_days(owner_id)
    zone = local.zone(today)
    return render(
        "health.html",
        status=status,
        username=user.username,
        health=health_view(days, steps[0] if steps else USUAL_STEPS, own_aim=bool(steps)),
        meals=[meal_view(meal, zone) for meal in await health.eaten(owner_id, today)],
        today=today.isoformat(),
        now=datetime.fromtimestamp(clock(), zone).strftime("%H:%M"),
        clock_unsaid=await clock_unsaid(request, owner_id),
        trouble=trouble,
        form_key=form_key(request),
    )


async def _moment_s(request: web.Request, owner_id: str, text: str) -> float:
    """Return when a meal of today was eaten: at a time like "12:30"; now, if none is said."""
    now_s = request.app[CLOCK]()
    if not text:
        return now_s
    today = await request.app[HEALTH].today(owner_id)
    zone = (await request.app[DAILY].local_days(owner_id)).zone(today)
    try:
        return datetime.fromisoformat(f"{today}T{text[:5]}").replace(tzinfo=zone).timestamp()
    except ValueError as error:
        raise InvalidError("field", "Say a time as hours and minutes, such as 12:30.", field="time") from error


def _energy(told: dict[str, str]) -> float:
    value = _number(told.get("kcal", ""))
    if not isinstance(value, float) or not 0 <= value <= MOST_KCAL:
        raise InvalidError("field", "Say the energy in kilocalories, as a number.", field="kcal")
    return value


def _kilograms(text: str) -> object:
    weight = _number(text)
    return round(weight * unit_si("weight"), 3) if isinstance(weight, float) else weight


def _number(text: str) -> object:
    """Return the number that somebody typed; what is none goes on as text, for the service to refuse."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
