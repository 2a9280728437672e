"""A forgotten password: ask for a link, open it, choose a new one. Works without scripts."""

from aiohttp import web

from paceline_server.errors import InvalidError, NotFoundError, TooManyError, UnauthenticatedError
from paceline_server.keys import ADDRESSES, CONFIG, NEW_PASSWORDS
from paceline_server.pages.link_cookie import forget, link_of, taken_to
from paceline_server.pages.render import render
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import refuse_other_sites

_FORM, _CONFIRM = "/recover/new", "/confirm"


async def show_recovery(request: web.Request) -> web.Response:
    """GET /recover."""
    return _page(request, "ask")


async def ask(request: web.Request) -> web.Response:
    """POST /recover {account}: the same answer whether or not there is such an account."""
    refuse_other_sites(request)
    account = str((await request.post()).get("account", ""))[:254]
    try:
        await request.app[NEW_PASSWORDS].ask(account, request.remote or "")
    except TooManyError as error:
        return _page(request, "ask", trouble=error.message, status=429)
    return _page(request, "asked")


async def open_recovery(request: web.Request) -> web.Response:
    """GET /recover/{link}: on to the form."""
    return taken_to(request, _FORM)


async def show_choice(request: web.Request) -> web.Response:
    """GET /recover/new: the form of the link that was opened."""
    return await _choice(request, None)


async def choose(request: web.Request) -> web.Response:
    """POST /recover/new {password, code, close_programs}."""
    refuse_other_sites(request)
    form = await request.post()
    try:
        await request.app[NEW_PASSWORDS].choose(
            link_of(request),
            str(form.get("password", ""))[:1001],
            str(form.get("code", ""))[:40],
            request.remote or "",
            close_programs="close_programs" in form,
        )
    except (InvalidError, UnauthenticatedError, TooManyError, NotFoundError) as error:
        return await _choice(request, error)
    response = web.Response(status=303, headers={"Location": "/login", "Cache-Control": "no-store"})
    return forget(response, _FORM)


async def open_confirmation(request: web.Request) -> web.Response:
    """GET /confirm/{link}: on to the button, as programs that read mail open links, too."""
    return taken_to(request, _CONFIRM)


async def show_confirmation(_request: web.Request) -> web.Response:
    """GET /confirm."""
    return render("confirm.html", username=None, step="ask", trouble=None)


async def confirm(request: web.Request) -> web.Response:
    """POST /confirm: the address of the link that was opened counts."""
    refuse_other_sites(request)
    try:
        await request.app[ADDRESSES].confirm(link_of(request), request.remote or "")
    except (InvalidError, TooManyError, NotFoundError) as error:
        return render("confirm.html", status=STATUS[type(error)], username=None, step="ended", trouble=error.message)
    return forget(render("confirm.html", username=None, step="done", trouble=None), _CONFIRM)


async def _choice(
    request: web.Request, error: InvalidError | UnauthenticatedError | TooManyError | NotFoundError | None
) -> web.Response:
    try:
        recovery = await request.app[NEW_PASSWORDS].look(link_of(request), request.remote or "")
    except (InvalidError, TooManyError, NotFoundError) as ended:
        return _page(request, "ended", trouble=ended.message, status=STATUS[type(ended)])
    return _page(
        request,
        "choose",
        trouble=error.message if error is not None else None,
        status=STATUS[type(error)] if error is not None else 200,
        name=recovery.username,
        second_factor=recovery.second_factor,
    )


def _page(
    request: web.Request,
    step: str,
    *,
    trouble: str | None = None,
    status: int = 200,
    name: str = "",
    second_factor: bool = False,
) -> web.Response:
    by_mail = request.app[CONFIG].smtp_url is not None
    parts = {"step": step, "by_mail": by_mail, "trouble": trouble, "name": name, "second_factor": second_factor}
    response = render("recover.html", status=status, username=None, **parts)
    response.headers["Cache-Control"] = "no-store"
    return response
