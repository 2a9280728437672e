"""HTTP of meals and of days as a whole."""

from datetime import date

from aiohttp import web
from msgspec import UNSET

from paceline_server.analysis.weight_trend import change_a_week_kg
from paceline_server.daily.saying import moment_of
from paceline_server.daily.shapes import DaysQuery
from paceline_server.health.model import HealthDay, Meal
from paceline_server.health.shapes import Health, MealChange, Meals, MealShown, NewMeal
from paceline_server.keys import CLOCK, HEALTH
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tag_of, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, page_response


@gives(200, Health)
async def get_health(request: web.Request, query: DaysQuery) -> web.Response:
    """Days as a whole: steps, energy in and out, weight and its trend, sleep."""
    identity = await require(request)
    days = await request.app[HEALTH].days(identity.owner_id, query.first_day, query.last_day)
    change = week_change(days)
    rows = [_day_fields(day) for day in days]
    return json_response({"days": rows, "weight_change_kg_a_week": None if change is None else round(change, 2)})


@gives(201, MealShown, also={200: MealShown}, refuses=(409,))
async def post_meal(request: web.Request, body: NewMeal) -> web.Response:
    """Add a meal.

    200 with the meal that is there when one of this `client_id` was added before.
    """
    identity = await require(request)
    now_s = request.app[CLOCK]()
    at_s = now_s if body.time is None else moment_of("time", body.time, now_s)
    given = (body.name, body.energy_kcal, at_s, body.client_id)
    meal, fresh = await request.app[HEALTH].add(identity.owner_id, *given)
    return json_response(_meal_fields(meal), 201 if fresh else 200)


@gives(200, Meals)
async def list_meals(request: web.Request, query: PageQuery) -> web.Response:
    """The meals."""
    owner_id, page = (await require(request)).owner_id, asked(request, query)
    found = await request.app[HEALTH].page(owner_id, page)
    return page_response(request, page, "meals", found, _meal_fields, lambda meal: (meal.eaten_at_s, meal.meal_id))


@gives(200, MealShown, tagged=True)
async def get_meal(request: web.Request) -> web.Response:
    """A meal."""
    meal = await request.app[HEALTH].get((await require(request)).owner_id, request.match_info["meal_id"])
    return tagged_response(request, _meal_fields(meal), tag_of(meal))


@gives(200, MealShown, tagged=True)
async def patch_meal(request: web.Request, body: MealChange) -> web.Response:
    """Change a meal."""
    identity = await require(request)
    changes: dict[str, object] = {}
    if body.energy_kcal is not UNSET:
        changes["energy_kcal"] = float(body.energy_kcal)
    if body.name is not UNSET:
        changes["name"] = body.name
    if body.time is not UNSET:
        changes["eaten_at_s"] = moment_of("time", body.time, request.app[CLOCK]())
    meal_id = request.match_info["meal_id"]
    meal = await request.app[HEALTH].change(identity.owner_id, meal_id, changes, if_match(request))
    return tagged_response(request, _meal_fields(meal), tag_of(meal))


@gives(204, refuses=(412,))
async def delete_meal(request: web.Request) -> web.Response:
    """Delete a meal."""
    identity = await require(request)
    await request.app[HEALTH].remove(identity.owner_id, request.match_info["meal_id"], if_match(request))
    return web.Response(status=204)


def week_change(days: list[HealthDay]) -> float | None:
    """Return by how much the trend of the weight changed in a week."""
    told = [(day.day, day.weight_trend_kg) for day in days if day.weight_trend_kg is not None]
    return change_a_week_kg([date.fromisoformat(day).toordinal() for day, _ in told], [kg for _, kg in told])


def _meal_fields(meal: Meal) -> dict[str, object]:
    return {
        "meal_id": meal.meal_id,
        "name": meal.name,
        "energy_kcal": meal.energy_kcal,
        "time": utc_text(meal.eaten_at_s),
    }


def _day_fields(day: HealthDay) -> dict[str, object]:
    return {
        "date": day.day,
        "steps": _whole(day.steps),
        "calories_in_kcal": day.in_kcal,
        "calories_out_kcal": round(day.out_kcal),
        "calories_out_parts": {f"{name}_kcal": round(value) for name, value in day.out._asdict().items()},
        "calories_out_is_usual": day.out_is_usual,
        "diet_goal_kcal": day.diet_goal_kcal,
        "weight_kg": day.weight_kg,
        "weight_trend_kg": None if day.weight_trend_kg is None else round(day.weight_trend_kg, 2),
        "sleep_minutes": _whole(day.sleep_min),
        "resting_heart_rate_bpm": _whole(day.resting_bpm),
    }


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
