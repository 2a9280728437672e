"""The page of the API: every call, for people who write programs."""

import asyncio
from functools import lru_cache

from aiohttp import web
from markupsafe import Markup

from paceline_server.keys import POOL, REFERENCE, USERS
from paceline_server.pages.reference_view import domain_views, meanings
from paceline_server.pages.render import made, render
from paceline_server.platform.auth import identify
from paceline_server.reference.service import Reference
from paceline_server.words.reader import LANGUAGES, for_this_reader, reader


async def show_reference(request: web.Request) -> web.Response:
    """GET /api: every call with its fields, its answers and an example."""
    identity = await identify(request)
    username = (await request.app[USERS].get(identity.owner_id)).username if identity is not None else None
    loop = asyncio.get_running_loop()
    calls = await loop.run_in_executor(
        request.app[POOL], for_this_reader(_calls, request.app[REFERENCE], reader().language)
    )
    return render("reference.html", username=username, calls=calls)


@lru_cache(maxsize=len(LANGUAGES))
def _calls(reference: Reference, _language: str) -> Markup:
    # The same for everybody in a language, and a hundred calls long: made once.
    document = reference.document
    text = made("reference_calls.html", domains=domain_views(document), meanings=meanings(document))
    return Markup(text)  # noqa: S704 (a template escaped it)
