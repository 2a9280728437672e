"""The hub: every page that the bar has no room for, and every setting, in one place."""

from aiohttp import web

from paceline_server.keys import USERS
from paceline_server.pages.render import render
from paceline_server.platform.auth import require
from paceline_server.platform.policy import Role


async def show_more(request: web.Request) -> web.Response:
    """GET /more."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    return render("more.html", username=user.username, admin=user.role is Role.ADMIN)
