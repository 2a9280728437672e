"""Whose words a page is in: the user's own setting, else what the browser asks for, else English."""

from aiohttp import web

from paceline_server.errors import ForbiddenError
from paceline_server.keys import DATABASE
from paceline_server.platform.auth import identify
from paceline_server.platform.web import Handler
from paceline_server.profile.store import reading_of, remember_browser
from paceline_server.words.reader import Reader, chosen, read_by

READER = web.RequestKey("reader", Reader)


def for_reader(handler: Handler) -> Handler:
    """Return the handler of a page that is written for whoever asks for it."""

    async def behind(request: web.Request) -> web.StreamResponse:
        request[READER] = by_browser(request)
        try:
            identity = await identify(request)
        except ForbiddenError:
            identity = None  # the handler says so, where it matters
        if identity is not None:
            accepted = request.headers.get("Accept-Language", "")
            database = request.app[DATABASE]
            request[READER], other = await database.read(reading_of, identity.owner_id, accepted)
            if other:  # letters and notices, which no browser asks for, will be in it
                await database.write(remember_browser, identity.owner_id, request[READER].language)
        with read_by(request[READER]):
            return await handler(request)

    return behind


def by_browser(request: web.Request) -> Reader:
    """Return who reads an answer before anybody was identified."""
    return request[READER] if READER in request else Reader(chosen("", request.headers.get("Accept-Language", "")))
