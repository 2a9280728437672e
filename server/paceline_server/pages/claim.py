"""Claiming a wearable by the code on its screen or label: typed, scanned, or brought along by a link."""

from aiohttp import web

from paceline_server.devices.api import key_in
from paceline_server.devices.codes import device_of
from paceline_server.errors import RequestError
from paceline_server.keys import DEVICES, USERS
from paceline_server.pages.render import render
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.headers import SECURITY_HEADERS
from paceline_server.words.speech import gettext as _

_LONGEST = 300
_POLICY = "Permissions-Policy"


async def show_claim(request: web.Request) -> web.StreamResponse:
    """GET /claim?code=…: the form; to the wearable's page when it is one's own already."""
    identity = await require(request)
    entered = request.query.get("code", "")[:_LONGEST]
    device_id = device_of(entered)
    if device_id in {one.device_id for one in await request.app[DEVICES].list_for(identity.owner_id)}:
        return _to(device_id or "")
    return await _page(request, entered=entered)


async def post_claim(request: web.Request) -> web.StreamResponse:
    """POST /claim {form_key, code, key?}: with its key any wearable that is nobody's, else one that is passed on."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    entered, key = str(form.get("code", ""))[:_LONGEST], str(form.get("key", ""))[:_LONGEST].strip()
    device_id = device_of(entered)
    if device_id is None:
        return await _page(request, entered=entered, trouble=_("A code has 16 characters, 0 to 9 and a to f."))
    devices = request.app[DEVICES]
    try:
        if key:
            await devices.take(identity.owner_id, device_id, key_in(key))
        else:
            await devices.take_offered(identity.owner_id, device_id)
    except RequestError as error:
        return await _page(request, entered=entered, trouble=error.message, status=STATUS[type(error)])
    return _to(device_id)


async def _page(request: web.Request, *, entered: str, trouble: str = "", status: int = 400) -> web.Response:
    user = await request.app[USERS].get((await require(request)).owner_id)
    device_id = device_of(entered)
    grouped = " ".join(device_id[at : at + 4] for at in range(0, 16, 4)) if device_id else entered
    page = render(
        "claim.html",
        status=status if trouble else 200,
        username=user.username,
        form_key=form_key(request),
        entered=grouped,
        trouble=trouble,
    )
    page.headers[_POLICY] = SECURITY_HEADERS[_POLICY].replace("camera=()", "camera=(self)")  # here alone: to scan
    return page


def _to(device_id: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/devices/{device_id}", "Cache-Control": "no-store"})
