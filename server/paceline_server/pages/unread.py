"""The count of unread notifications in every page's head: read before a page's handler runs, shown by the template."""

from contextvars import ContextVar

from aiohttp import web

from paceline_server.keys import NOTICES
from paceline_server.platform.auth import identify
from paceline_server.platform.web import Handler

_unread: ContextVar[int] = ContextVar("unread", default=0)


def counted(handler: Handler, *, by_itself: bool = False) -> Handler:
    """Return the handler of a page whose head says how many notifications were not read.

    `by_itself`: the handler reads that among the rest, and says it.
    """

    async def behind(request: web.Request) -> web.StreamResponse:
        identity = await identify(request)
        if identity is None:
            return await handler(request)
        before = _unread.set(0 if by_itself else await request.app[NOTICES].unread(identity.owner_id))
        try:
            return await handler(request)
        finally:
            _unread.reset(before)

    return behind


def say_unread(count: int) -> None:
    """Let the head of this page say so many."""
    _unread.set(count)


def unread() -> int:
    """Return how many notifications whoever asks for this page has not read; 0 for somebody unknown."""
    return _unread.get()
