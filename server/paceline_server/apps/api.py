"""HTTP of the apps."""

from typing import Any

from aiohttp import web

from paceline_server.apps.model import App
from paceline_server.apps.shapes import AppMade, Apps, NewApp
from paceline_server.keys import APPS
from paceline_server.platform.answers import utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, page_response
from paceline_server.platform.recent import require_recent


@gives(201, AppMade, refuses=(409, 429))
async def register_app(request: web.Request, body: NewApp) -> AppMade:
    """Register an app that people can let in.

    Where a person may be sent back to must be said exactly; only the port of loopback addresses is free.
    """
    identity = await require_recent(request)
    app, secret = await request.app[APPS].register(identity.owner_id, body.name, body.redirect_uris, body.type)
    return AppMade(**_shown(app), client_secret=secret)


@gives(200, Apps)
async def list_apps(request: web.Request, query: PageQuery) -> web.Response:
    """The apps that one has registered."""
    owner_id, page = (await require(request)).owner_id, asked(request, query)
    own = await request.app[APPS].own(owner_id, page)
    return page_response(request, page, "apps", own, _shown, lambda app: (app.client_id,))


@gives(204)
async def remove_app(request: web.Request) -> web.Response:
    """Forget an app.

    Nobody can let it in any more, and what was let in ends within the hour that its last token holds.
    """
    await request.app[APPS].remove((await require(request)).owner_id, request.match_info["client_id"])
    return web.Response(status=204)


def _shown(app: App) -> dict[str, Any]:
    return {
        "client_id": app.client_id,
        "name": app.name,
        "redirect_uris": list(app.redirect_uris),
        "type": "confidential" if app.confidential else "public",
        "created_at": utc_text(app.created_at_s),
    }
