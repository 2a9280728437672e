"""The general limits, on every request, and what answers say of them (draft-ietf-httpapi-ratelimit-headers-10)."""

from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from paceline_server.platform.rate_limits.buckets import Buckets, Taken, refuse_full
from paceline_server.platform.rate_limits.table import ADDRESS, JOURNAL_LEAST_BYTES, JOURNALS, USER, Limit
from paceline_server.platform.tokens import Identity

TILE_WEIGHT = 0.1  # a map asks for dozens at once, each of which costs little
FREE = frozenset({"/healthz", "/readyz", "/metrics", "/ca.pem"})
_TOLD = web.RequestKey("rate", tuple)


class Pace:
    """Counts the requests of users and of addresses."""

    def __init__(self, clock: Callable[[], float], requests_per_minute: float) -> None:
        self._clock = clock
        self._buckets = Buckets()
        self._user = replace(USER, amount=requests_per_minute)
        self._address = replace(ADDRESS, amount=requests_per_minute)

    def take(self, request: web.Request, identity: Identity | None) -> None:
        """Count a request; TooManyError over the limit of the one who sends it."""
        if request.path.startswith("/static/") or request.path in FREE:
            return
        weight = 1.0
        if identity is None:
            limit, key = self._address, request.remote or ""
        elif "/journal/" in request.path:
            # Gateways send as fast as they can when they come home.
            limit, key, weight = JOURNALS, identity.owner_id, max(JOURNAL_LEAST_BYTES, request.content_length or 0)
        else:
            limit, key = self._user, identity.owner_id
        if request.path.startswith("/tiles/"):
            weight = TILE_WEIGHT
        taken = self._buckets.take(limit, key, self._clock(), weight)
        request[_TOLD] = (limit, taken)
        refuse_full(taken)


PACE = web.AppKey("pace", Pace)


async def tell_pace(request: web.Request, response: web.StreamResponse) -> None:
    """Say in answers of the API how much is left (an on_response_prepare signal)."""
    if _TOLD in request and request.path.startswith("/api/"):
        limit, taken = request[_TOLD]
        response.headers.update(_fields(limit, taken))


def _fields(limit: Limit, taken: Taken) -> dict[str, str]:
    unit = ';qu="content-bytes"' if limit is JOURNALS else ""
    reset_s = taken.wait_s or int(taken.level * limit.window_s / limit.amount) + 1
    return {
        "RateLimit-Policy": f'"{limit.name}";q={limit.amount:.0f};w={limit.window_s:.0f}{unit}',
        "RateLimit": f'"{limit.name}";r={taken.left};t={reset_s}',
    }
