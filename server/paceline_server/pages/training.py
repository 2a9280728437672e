"""The page of the training: what to do next, and what could be run now."""

import asyncio
from typing import Any

from aiohttp import web

from paceline_server.analysis.race_form import capacity_now, predictions, race_form
from paceline_server.analysis.resting_trend import resting_trend
from paceline_server.keys import POOL, TRAINING, USERS
from paceline_server.pages.render import render
from paceline_server.pages.training_view import advice_view, capacity_lines, race_rows
from paceline_server.platform.auth import require
from paceline_server.training.recommending import Known, recommendations
from paceline_server.words.reader import for_this_reader, reader


async def show_training(request: web.Request) -> web.Response:
    """GET /training."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    known = await request.app[TRAINING].known(identity.owner_id, reader().first_weekday)
    loop = asyncio.get_running_loop()
    parts = await loop.run_in_executor(request.app[POOL], for_this_reader(_parts, known))
    return render("training.html", username=user.username, **parts)


def _parts(known: Known) -> dict[str, Any]:
    form = race_form(known.history, known.today)
    capacity = capacity_now(known.history, known.athletes, known.today)
    return {
        "advice": [advice_view(one, known.today) for one in recommendations(known)],
        "lines": capacity_lines(capacity, form, resting_trend(known.resting_bpm, known.today)),
        "races": race_rows(predictions(form)) if form is not None else (),
    }
