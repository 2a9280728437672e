"""Leaving, by a person: what goes, then the password."""

from aiohttp import web

from paceline_server.errors import ForbiddenError, TooManyError
from paceline_server.keys import LEAVING, USERS
from paceline_server.pages.render import render
from paceline_server.platform.auth import AUTHENTICATOR, form_key, refuse_other_forms, require


async def show_leaving(request: web.Request) -> web.Response:
    """GET /account/leave."""
    return await _form(request, None)


async def leave(request: web.Request) -> web.StreamResponse:
    """POST /account/leave {password, form_key}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    try:
        password = str(form.get("password", ""))[:1001]
        await request.app[LEAVING].leave(identity.owner_id, password, request.remote or "")
    except (ForbiddenError, TooManyError) as error:
        return await _form(request, error)
    response = web.Response(status=303, headers={"Location": "/login", "Cache-Control": "no-store"})
    request.app[AUTHENTICATOR].forget(response)
    return response


async def _form(request: web.Request, error: ForbiddenError | TooManyError | None) -> web.Response:
    user = await request.app[USERS].get((await require(request)).owner_id)
    return render(
        "leave.html",
        status=200 if error is None else 429 if isinstance(error, TooManyError) else 400,
        username=user.username,
        form_key=form_key(request),
        trouble=error.message if error is not None else None,
    )
