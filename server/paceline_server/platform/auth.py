"""Who a request comes from: a session cookie or a bearer token."""

import asyncio
import hashlib
import hmac
import logging
import os
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection

from paceline_server.errors import ForbiddenError, UnauthenticatedError, told
from paceline_server.platform.database import Database
from paceline_server.platform.tokens import USED_EVERY_S, Identity, identity_of, note_use

COOKIE = "paceline_session"
FOR_USER = "Paceline-User"
OAUTH_PREFIX = "/api/v1/oauth/"
_KEY_SIZE = 16
_FORM_KEY = re.compile(rf"[0-9a-f]{{{4 * _KEY_SIZE}}}")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_IDENTITY = web.RequestKey("identity", Identity)
_log = logging.getLogger("paceline.auth")
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
        self._notes: set[asyncio.Task[None]] = set()

    async def identify(self, request: web.Request) -> Identity | None:
        """Return who sends the request, None when nobody is logged in.

        ForbiddenError when another site's page sends it with our cookie (it could not read the answer, but it could
        write, or follow a WebSocket).
        """
        if _IDENTITY in request:
            return request[_IDENTITY]
        identity = await self._found(request)
        if identity is None:
            return None
        if _bearer(request) is None:
            refuse_other_sites(request)
        request[_IDENTITY] = identity
        self._note_use(identity)
        return identity

    async def still_holds(self, request: web.Request) -> bool:
        """Whether the log-in of a request that has been under way for long was not closed meanwhile."""
        return await self._found(request) is not None

    async def close(self) -> None:
        """Finish what is noted of uses; before the database is closed."""
        await asyncio.gather(*self._notes)

    def _note_use(self, identity: Identity) -> None:
        # Beside the request, which is not to wait for a write nor to fail when the disk is full.
        now = self._clock()
        if identity.used_at_s is None or abs(now - identity.used_at_s) >= USED_EVERY_S:
            task = asyncio.create_task(self._note(identity, now))
            self._notes.add(task)
            task.add_done_callback(self._notes.discard)

    async def _note(self, identity: Identity, now_s: float) -> None:
        try:
            await self._database.write(note_use, identity, now_s)
        except Exception:  # noqa: BLE001 (the top of a task: logged; the next request notes it)
            _log.exception("the use of a token could not be kept")

    async def _found(self, request: web.Request) -> Identity | None:
        token = _token(request)
        claim = identity_of(token) if token else None
        return await self._database.read(self._look_up, claim, self._clock()) if claim is not None else None

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


def refuse_other_pages(request: web.Request) -> None:
    """Do as refuse_other_sites for what a browser sends by itself; who sends a token by hand may be any page.

    The calls of OAuth take nothing from a cookie, and are there for others' programs.
    """
    if _bearer(request) is None and not request.path.startswith(OAUTH_PREFIX):
        refuse_other_sites(request)


def refuse_other_sites(request: web.Request) -> None:
    """Raise ForbiddenError when a page of another site writes or opens a WebSocket here (SameSite=Lax, twice)."""
    writes = request.method not in _SAFE_METHODS or request.headers.get("Upgrade", "").lower() == "websocket"
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if writes and (foreign or request.headers.get("Sec-Fetch-Site") == "cross-site"):
        raise ForbiddenError("other_site", told("This request came from another site's page."))


def refuse_other_user(request: web.Request, identity: Identity | None) -> None:
    """Raise ForbiddenError when a request names somebody else than who is logged in: it waited, and he left."""
    named = request.headers.get(FOR_USER)
    if named is not None and identity is not None and named != identity.owner_id:
        raise ForbiddenError("other_user", told("This waited for somebody else, who has to log in."))


def form_key(request: web.Request) -> str:
    """Return what the forms of this log-in's pages carry, so that no other page can make them up."""
    return form_key_of(_token(request) or "", os.urandom(_KEY_SIZE))


def form_key_of(token: str, mask: bytes = bytes(_KEY_SIZE)) -> str:
    """Return the form key of a token under a mask, and the mask.

    Each page gets another mask, so that no two show the same text: the length of packed pages tells nothing of the key,
    whatever somebody has them reflect beside it (the BREACH attack).
    """
    key = hashlib.sha256(f"paceline form {token}".encode()).digest()[:_KEY_SIZE]
    return mask.hex() + _xor(key, mask).hex()


def refuse_other_forms(request: web.Request, form: Mapping[str, object]) -> None:
    """Raise ForbiddenError when a form does not come from a page that this log-in was shown."""
    refuse_other_sites(request)
    given = str(form.get("form_key", ""))
    mask = bytes.fromhex(given[: 2 * _KEY_SIZE]) if _FORM_KEY.fullmatch(given) else bytes(_KEY_SIZE)
    if not hmac.compare_digest(given.encode(), form_key_of(_token(request) or "", mask).encode()):
        raise ForbiddenError("other_site", told("This form is not of a page that you were shown; load it anew."))


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _token(request: web.Request) -> str | None:
    return _bearer(request) or request.cookies.get(COOKIE)


def _bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
