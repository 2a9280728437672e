"""Where a write under an Idempotency-Key leaves the usual way (idempotency/ says what is done with it)."""

import hashlib
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.platform.auth import identify
from paceline_server.platform.tokens import Identity

KEY = "Idempotency-Key"
Act = Callable[[], Awaitable[web.StreamResponse]]
Once = Callable[[web.Request, Identity, Act], Awaitable[web.StreamResponse]]

ONCE: web.AppKey[Once] = web.AppKey("once")
_QUOTED = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"')
_BARE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,255}")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


async def acted_once(request: web.Request, act: Act) -> web.StreamResponse:
    """Answer by `act`; by what is kept of it where somebody who is logged in sends a write of the API again."""
    if KEY not in request.headers or request.method not in _WRITES or not request.path.startswith("/api/"):
        return await act()
    key_of(request)  # a key that is none is told to nobody in particular, too
    identity = await identify(request)
    if identity is None or ONCE not in request.app:
        return await act()
    return await request.app[ONCE](request, identity, act)


def key_of(request: web.Request) -> bytes:
    """Return the hash of the request's key, as a string of structured fields (RFC 9651) or bare."""
    given = request.headers.getall(KEY)
    found = _QUOTED.fullmatch(given[0].strip()) or _BARE.fullmatch(given[0].strip())
    if found is None or len(given) != 1:
        raise InvalidError("header", f"{KEY} must be one text of 1 to 255 visible characters.", field=KEY)
    return hashlib.sha256(found[found.lastindex or 0].encode()).digest()
