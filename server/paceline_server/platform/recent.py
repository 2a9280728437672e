"""A recent log-in: asked for before anything that changes how an account is entered."""

from collections.abc import Callable

from aiohttp import web

from paceline_server.errors import ForbiddenError
from paceline_server.platform.auth import require
from paceline_server.platform.tokens import Identity

RECENT_S = 900.0
NOW: web.AppKey[Callable[[], float]] = web.AppKey("now")


def is_recent(identity: Identity, now_s: float) -> bool:
    """Tell whether password or passkey were given by this session within a quarter of an hour."""
    return identity.proved_at_s is not None and now_s - identity.proved_at_s < RECENT_S


async def require_recent(request: web.Request) -> Identity:
    """Return who sends the request; ForbiddenError `log_in_again` when that was proved too long ago."""
    identity = await require(request)
    if not is_recent(identity, request.app[NOW]()):
        raise ForbiddenError("log_in_again", "Give your password or a passkey anew before this (POST /auth/prove).")
    return identity
