"""The home page: today, the week, what is next, the latest activities, how the wearables are."""

import asyncio
from typing import Any

from aiohttp import web

from paceline_server.home.service import Home
from paceline_server.keys import CLOCK, GOALS, HOME, POOL, TRAINING
from paceline_server.pages import local_time
from paceline_server.pages.cards import card_of
from paceline_server.pages.goals_view import goal_view
from paceline_server.pages.home_view import (
    beside_steps,
    form_lines,
    form_now,
    is_steps_a_day,
    steps_today,
    wearable_view,
    week_view,
)
from paceline_server.pages.render import render
from paceline_server.pages.training_view import advice_view
from paceline_server.pages.unread import say_unread
from paceline_server.platform.auth import require
from paceline_server.stats.service import Standing
from paceline_server.training.advice import Kind, Recommendation
from paceline_server.training.recommending import Known, recommendations

MOST_RINGS = 4
MOST_ADVICE = 2  # the next session, and what weighs on it
NEXT = (Kind.LOAD_WARNING, Kind.REST, Kind.NEXT_SESSION)


async def show_home(request: web.Request) -> web.Response:
    """GET /: what matters today; who has nothing yet is welcomed instead."""
    identity = await require(request)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    found = await request.app[HOME].of(identity.owner_id)
    say_unread(found.unread)
    goals = await request.app[GOALS].list_for(identity.owner_id) if found.any_goals else []
    views = [goal_view(one) for one in goals if not is_steps_a_day(one) or not found.today]
    parts: dict[str, Any] = {
        "day": local_time.day(local_time.local(request.app[CLOCK](), zone)),
        "cards": [card_of(summary, route, zone) for summary, route in found.latest],
        "steps": steps_today(found.today, goals),
        "beside": beside_steps(found.today),
        "goals": [view for view in views if not view.ended][:MOST_RINGS],
        "wearables": [wearable_view(device, said, zone) for device, said in found.wearables],
        "more_wearables": found.more_wearables,
        "advice": [],
        "week": None,
        "form": (),
    }
    if found.latest:
        parts |= await _training(request, identity.owner_id)
    return render("home.html", username=found.username, welcome=_is_new(found), **parts)


async def _training(request: web.Request, owner_id: str) -> dict[str, Any]:
    training = request.app[TRAINING]
    standing = await training.standing(owner_id)
    resting = await training.resting_bpm(owner_id, standing.today)

    def found() -> tuple[list[Recommendation], tuple[float, float, float] | None]:
        return standing.kept(("home", tuple(sorted(resting.items()))), lambda each: _figures(each, resting))

    advice, form = await asyncio.get_running_loop().run_in_executor(request.app[POOL], found)
    return {
        "advice": [advice_view(one, standing.today) for one in advice],
        "week": week_view(standing),
        "form": form_lines(form),
    }


def _figures(
    standing: Standing, resting: dict[int, float]
) -> tuple[list[Recommendation], tuple[float, float, float] | None]:
    known = Known(standing.history, standing.athletes, standing.today, resting)
    return [one for one in recommendations(known) if one.kind in NEXT][-MOST_ADVICE:], form_now(standing)


def _is_new(found: Home) -> bool:
    return not found.latest and found.today is None and not found.any_goals
