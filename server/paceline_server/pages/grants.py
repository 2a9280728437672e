"""Where a person lets a gateway in: enter the code that it shows, look, approve or refuse. Works without scripts."""

from aiohttp import web

from paceline_server.errors import NotFoundError
from paceline_server.grants.model import Grant
from paceline_server.grants.service import shown_code
from paceline_server.keys import CLOCK, GRANTS, USERS
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.words.speech import gettext as _

_LONGEST = 40


async def show_grant(request: web.Request) -> web.Response:
    """GET /device?user_code=…: the field for the code or, with one, who asks and what for."""
    identity = await require(request)
    code = request.query.get("user_code", "")[:_LONGEST]
    if not code:
        return await _page(request)
    try:
        grant = await request.app[GRANTS].look(identity.owner_id, code)
    except NotFoundError as error:
        return await _page(request, trouble=error.message, entered=code, status=400)
    return await _page(request, grant=grant)


async def decide(request: web.Request) -> web.Response:
    """POST /device {user_code, decision, form_key}: approve or refuse."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    approve = form.get("decision") == "approve"
    try:
        code = str(form.get("user_code", ""))[:_LONGEST]
        grant = await request.app[GRANTS].decide(identity.owner_id, code, approve=approve)
    except NotFoundError as error:
        return await _page(request, trouble=error.message, status=400)
    return await _page(request, grant=grant, decided="approved" if approve else "refused")


async def _page(
    request: web.Request,
    *,
    grant: Grant | None = None,
    decided: str = "",
    trouble: str = "",
    entered: str = "",
    status: int = 200,
) -> web.Response:
    user = await request.app[USERS].get((await require(request)).owner_id)
    minutes = max(0, int(request.app[CLOCK]() - grant.created_at_s) // 60) if grant is not None else 0
    return render(
        "grant.html",
        status=status,
        username=user.username,
        grant=grant,
        code=shown_code(grant.user_code) if grant is not None else "",
        asked=_("just now") if minutes == 0 else _("%(n)s min ago", n=minutes),
        decided=decided,
        trouble=trouble,
        entered=entered,
        form_key=form_key(request),
    )
