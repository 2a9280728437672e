"""The home page: today, the week, what is next, the latest activities, how the wearables are."""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from paceline_server.home.service import Home
from paceline_server.keys import CLOCK, GOALS, HOME, POOL, STATS, TRAINING
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
from paceline_server.stats.service import MOST_MADE, Standing
from paceline_server.training.advice import Kind, Recommendation
from paceline_server.training.recommending import Known, recommendations

MOST_RINGS = 4
HELD_S = 60.0  # so long may a changed profile take to be seen here; a workout is seen at once
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
    history = await request.app[STATS].history(owner_id)
    name = ("home", int(request.app[CLOCK]() // HELD_S))
    now = history.made.get(name)
    if not isinstance(now, _Now):
        standing = await request.app[STATS].standing(owner_id)
        resting = await request.app[TRAINING].resting_bpm(owner_id, standing.today)
        now = await asyncio.get_running_loop().run_in_executor(request.app[POOL], _now, standing, resting)
        if len(history.made) >= MOST_MADE:
            history.made.clear()
        history.made[name] = now
    return {
        "advice": [advice_view(one, now.standing.today) for one in now.advice],
        "week": week_view(now.standing),
        "form": form_lines(now.form),
    }


@dataclass(frozen=True, slots=True)
class _Now:
    """What takes time to find, without words; `form` is fitness, fatigue and form."""

    standing: Standing
    advice: tuple[Recommendation, ...]
    form: tuple[float, float, float] | None


def _now(standing: Standing, resting: dict[int, float]) -> _Now:
    known = Known(standing.history, standing.athletes, standing.today, resting)
    advice = [one for one in recommendations(known) if one.kind in NEXT][-MOST_ADVICE:]
    return _Now(standing, tuple(advice), form_now(standing))


def _is_new(found: Home) -> bool:
    return not found.latest and found.today is None and not found.any_goals
