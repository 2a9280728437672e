"""Where a write under an Idempotency-Key leaves the usual way (idempotency/ says what is done with it)."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from paceline_server.platform.auth import identify
from paceline_server.platform.tokens import Identity

KEY = "Idempotency-Key"
Act = Callable[[], Awaitable[web.StreamResponse]]
Once = Callable[[web.Request, Identity, Act], Awaitable[web.StreamResponse]]

ONCE: web.AppKey[Once] = web.AppKey("once")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


async def acted_once(request: web.Request, act: Act) -> web.StreamResponse:
    """Answer by `act`; by what is kept of it where somebody who is logged in sends a write of the API again."""
    keyed = KEY in request.headers and request.method in _WRITES and request.path.startswith("/api/")
    identity = await identify(request) if keyed else None
    if identity is None or ONCE not in request.app:
        return await act()
    return await request.app[ONCE](request, identity, act)
