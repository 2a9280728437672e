"""Logging in and out."""

from urllib.parse import unquote

import msgspec
from aiohttp import web

from paceline_server.errors import InvalidError, RequestError, TooManyError, UnauthenticatedError
from paceline_server.keys import CONFIG, PASSKEYS, REGISTRATION, SIGN_IN, USERS
from paceline_server.pages.render import render
from paceline_server.passkeys.ceremonies import place_of
from paceline_server.passkeys.shapes import plain, read_credential
from paceline_server.platform.auth import AUTHENTICATOR, identify, refuse_other_sites
from paceline_server.registration.model import CLOSED
from paceline_server.users.model import LogIn

LONGEST_FIELD = 1000


async def show_log_in(request: web.Request) -> web.Response:
    """GET /login: the form; who is logged in already goes on."""
    next_path = safe_path(request.query.get("next"))
    if await identify(request) is not None:
        raise web.HTTPSeeOther(next_path)
    return _form(request, next_path, "", None, 200)


async def log_in(request: web.Request) -> web.StreamResponse:
    """POST /login: begin a session and go on to `next`, a path of this site."""
    refuse_other_sites(request)
    form = await request.post()
    name, password, next_field = (
        str(form.get(field, ""))[:LONGEST_FIELD] for field in ("username", "password", "next")
    )
    next_path = safe_path(next_field)
    try:
        session = await request.app[USERS].log_in(
            name, password, request.remote or "", request.headers.get("User-Agent", "")
        )
    except UnauthenticatedError as error:
        if error.code == "second_factor":
            return code_form(next_path, str(error.fields["ticket"]), None, 200)
        return _form(request, next_path, name, error, 401)
    except TooManyError as error:
        return _later(_form(request, next_path, name, error, 429), error)
    return entered(request, session, next_path)


async def log_in_further(request: web.Request) -> web.StreamResponse:
    """POST /login/code {ticket, code, next}: the second step."""
    refuse_other_sites(request)
    form = await request.post()
    ticket, code, next_field = (str(form.get(field, ""))[:LONGEST_FIELD] for field in ("ticket", "code", "next"))
    next_path = safe_path(next_field)
    try:
        session = await request.app[USERS].log_in_further(
            ticket, code, request.remote or "", request.headers.get("User-Agent", "")
        )
    except UnauthenticatedError as error:
        if error.code == "ticket":
            return _form(request, next_path, "", error, 400)
        return code_form(next_path, ticket, error, 401)
    except TooManyError as error:
        return _later(code_form(next_path, ticket, error, 429), error)
    return entered(request, session, next_path)


async def log_in_by_passkey(request: web.Request) -> web.StreamResponse:
    """POST /login/passkey {ticket, credential, next}: what the page's script was answered by the browser."""
    refuse_other_sites(request)
    form = await request.post()
    next_path = safe_path(str(form.get("next", "")))
    place = place_of(request.app[CONFIG], request)
    try:
        credential = read_credential(str(form.get("credential", "")))
        owner_id = await request.app[PASSKEYS].identify(
            str(form.get("ticket", ""))[:100], plain(credential), place, request.remote or ""
        )
    except msgspec.DecodeError:
        return _form(request, next_path, "", InvalidError("passkey", "The browser's answer cannot be read."), 400)
    except UnauthenticatedError as error:
        return _form(request, next_path, "", error, 401)
    except TooManyError as error:
        return _later(_form(request, next_path, "", error, 429), error)
    session = await request.app[USERS].begin_session(owner_id, request.headers.get("User-Agent", ""))
    return entered(request, session, next_path)


def entered(request: web.Request, session: LogIn, next_path: str) -> web.Response:
    """Answer to who is logged in now: on to the path, with the cookie."""
    response = web.Response(status=303, headers={"Location": next_path, "Cache-Control": "no-store"})
    request.app[AUTHENTICATOR].remember(response, session.token, request.app[CONFIG].session_lifetime_s)
    return response


async def log_out(request: web.Request) -> web.StreamResponse:
    """POST /logout: end the session; also without one."""
    refuse_other_sites(request)
    identity = await identify(request)
    if identity is not None:
        await request.app[USERS].log_out(identity)
    response = web.Response(status=303, headers={"Location": "/login", "Cache-Control": "no-store"})
    request.app[AUTHENTICATOR].forget(response)
    return response


def safe_path(text: str | None) -> str:
    """Return a path of this site to go on to; "/" for anything that could lead elsewhere."""
    if not text or len(text) > LONGEST_FIELD or not text.isprintable():
        return "/"
    # Browsers read "//host" and "/\\host" as another host.
    if not text.startswith("/") or text.startswith("//") or "\\" in unquote(text):
        return "/"
    return text


def _form(request: web.Request, next_path: str, username: str, error: RequestError | None, status: int) -> web.Response:
    trouble = error.message if error is not None else None
    parts = {"next_path": next_path, "name": username, "may_register": request.app[REGISTRATION].mode != CLOSED}
    parts["providers"] = request.app[SIGN_IN].providers.values()
    return render("login.html", status=status, trouble=trouble, username=None, **parts)


def code_form(next_path: str, ticket: str, error: RequestError | None, status: int) -> web.Response:
    """Show the second step of a log-in, whose ticket stands in the form."""
    trouble = error.message if error is not None else None
    return render("login_code.html", status=status, trouble=trouble, username=None, next_path=next_path, ticket=ticket)


def _later(response: web.Response, error: TooManyError) -> web.Response:
    response.headers["Retry-After"] = str(error.fields.get("retry_after_s", 60))
    return response
