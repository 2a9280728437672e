"""Who a request comes from: a session cookie or a bearer token."""

from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection

from paceline_server.errors import ForbiddenError, UnauthenticatedError
from paceline_server.platform.database import Database
from paceline_server.platform.tokens import Identity, identity_of

COOKIE = "paceline_session"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_IDENTITY = web.RequestKey("identity", Identity)
LookUp = Callable[[Connection, Identity, float], Identity | None]


class Authenticator:
    """Finds and checks the token of a request; `look_up` gives a token's claim its scope and role, if it holds."""

    def __init__(
        self, database: Database, look_up: LookUp, clock: Callable[[], float], *, secure_cookies: bool
    ) -> None:
        self._database = database
        self._look_up = look_up
        self._clock = clock
        self._secure = secure_cookies

    async def identify(self, request: web.Request) -> Identity | None:
        """Return who sends the request, None when nobody is logged in.

        ForbiddenError when another site's page sends it with our cookie (it could not read the answer, but it could
        write, or follow a WebSocket).
        """
        if _IDENTITY in request:
            return request[_IDENTITY]
        bearer = _bearer(request)
        token = bearer or request.cookies.get(COOKIE)
        claim = identity_of(token) if token else None
        identity = await self._database.read(self._look_up, claim, self._clock()) if claim is not None else None
        if identity is None:
            return None
        if bearer is None:
            refuse_other_sites(request)
        request[_IDENTITY] = identity
        return identity

    async def require(self, request: web.Request) -> Identity:
        """Do as identify; UnauthenticatedError when nobody is logged in."""
        identity = await self.identify(request)
        if identity is None:
            raise UnauthenticatedError("unauthenticated", "Log in, or send a bearer token that holds.")
        return identity

    def remember(self, response: web.StreamResponse, token: str, lifetime_s: float) -> None:
        """Give the browser the session cookie."""
        response.set_cookie(
            COOKIE, token, max_age=int(lifetime_s), path="/", httponly=True, secure=self._secure, samesite="Lax"
        )

    def forget(self, response: web.StreamResponse) -> None:
        """Take the session cookie back."""
        response.del_cookie(COOKIE, path="/", httponly=True, secure=self._secure, samesite="Lax")


AUTHENTICATOR = web.AppKey("authenticator", Authenticator)


async def require(request: web.Request) -> Identity:
    """Return who sends the request; UnauthenticatedError when nobody is logged in."""
    return await request.app[AUTHENTICATOR].require(request)


async def identify(request: web.Request) -> Identity | None:
    """Return who sends the request, or None."""
    return await request.app[AUTHENTICATOR].identify(request)


def refuse_other_sites(request: web.Request) -> None:
    """Raise ForbiddenError when a page of another site writes or opens a WebSocket here (SameSite=Lax, twice)."""
    writes = request.method not in _SAFE_METHODS or request.headers.get("Upgrade", "").lower() == "websocket"
    origin = request.headers.get("Origin")
    if writes and origin is not None and urlsplit(origin).netloc != request.host:
        raise ForbiddenError("other_site", "This request came from another site's page.")


def _bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
