"""Pages that work on a phone by themselves: the recorder, which works offline, and the sync of a wearable."""

from collections.abc import Mapping

from aiohttp import web

from paceline_server.keys import USERS
from paceline_server.pages.render import render
from paceline_server.platform.auth import require
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

SPORTS: Mapping[str, str] = {
    "running": N_("Running"),
    "walking": N_("Walking"),
    "hiking": N_("Hiking"),
    "cycling": N_("Cycling"),
    "strength": N_("Strength"),
    "indoor": N_("Indoors"),
    "swimming": N_("Swimming"),
    "other": N_("Something else"),
}


async def show_recorder(request: web.Request) -> web.Response:
    """GET /record."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    sports = {sport: _(name) for sport, name in SPORTS.items()}
    return render(
        "record.html",
        username=user.username,
        owner_id=identity.owner_id,
        sports=sports,
        sport_words={f"sport_{sport}": name for sport, name in sports.items()},
    )


async def show_sync(request: web.Request) -> web.Response:
    """GET /sync."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    return render("sync.html", username=user.username, owner_id=identity.owner_id)
