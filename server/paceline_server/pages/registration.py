"""Making an account, where the operator lets people."""

from aiohttp import web

from paceline_server.errors import ConflictError, ForbiddenError, InvalidError, RequestError, TooManyError
from paceline_server.keys import CONFIG, REGISTRATION, USERS
from paceline_server.pages.profile import take_browser_zone
from paceline_server.pages.render import render
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import AUTHENTICATOR, refuse_other_sites
from paceline_server.registration.model import CLOSED, INVITE

_LONGEST = 1000
_FIELDS = ("username", "email", "password", "invitation")


async def show_registration(request: web.Request) -> web.Response:
    """GET /register?invitation=…"""
    return _form(request, {"invitation": request.query.get("invitation", "")[:_LONGEST]}, None)


async def register(request: web.Request) -> web.StreamResponse:
    """POST /register {username, email, password, invitation}: make the account and log in."""
    refuse_other_sites(request)
    form = await request.post()
    given = {name: str(form.get(name, ""))[:_LONGEST].strip() for name in _FIELDS}
    password, address = str(form.get("password", ""))[: _LONGEST + 1], request.remote or ""
    try:
        user = await request.app[REGISTRATION].register(
            given["username"], given["email"], password, given["invitation"], address
        )
    except (InvalidError, ForbiddenError, ConflictError, TooManyError) as error:
        return _form(request, given, error)
    await take_browser_zone(request, user.owner_id)
    agent = request.headers.get("User-Agent", "")
    session = await request.app[USERS].log_in(user.username, password, address, agent)
    response = web.Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
    request.app[AUTHENTICATOR].remember(response, session.token, request.app[CONFIG].session_lifetime_s)
    return response


def _form(request: web.Request, given: dict[str, str], error: RequestError | None) -> web.Response:
    mode = request.app[REGISTRATION].mode
    return render(
        "register.html",
        status=STATUS[type(error)] if error is not None else 200,
        username=None,
        closed=mode == CLOSED,
        invited=mode == INVITE,
        given={name: given.get(name, "") for name in _FIELDS},
        trouble=error.message if error is not None else None,
    )
