"""The page of the API: every call, for people who write programs."""

from functools import lru_cache

from aiohttp import web
from markupsafe import Markup

from paceline_server.keys import REFERENCE, USERS
from paceline_server.pages.reference_view import domain_views, meanings
from paceline_server.pages.render import made, render
from paceline_server.platform.auth import identify
from paceline_server.reference.service import Reference


async def show_reference(request: web.Request) -> web.Response:
    """GET /api: every call with its fields, its answers and an example."""
    identity = await identify(request)
    username = (await request.app[USERS].get(identity.owner_id)).username if identity is not None else None
    return render("reference.html", username=username, calls=_calls(request.app[REFERENCE]))


@lru_cache(maxsize=1)
def _calls(reference: Reference) -> Markup:
    # The same for everybody, and a hundred calls long: made once.
    document = reference.document
    text = made("reference_calls.html", domains=domain_views(document), meanings=meanings(document))
    return Markup(text)  # noqa: S704 (a template escaped it)
