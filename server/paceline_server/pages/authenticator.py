"""Setting up an authenticator app, its recovery codes, and switching it off; by a person, without scripts."""

import io

import segno
from aiohttp import web

from paceline_server.errors import ConflictError, InvalidError, RequestError
from paceline_server.keys import SECOND_FACTORS, USERS
from paceline_server.pages.render import render
from paceline_server.pages.security import PAGE, done, form_of, security_page
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import form_key, require
from paceline_server.platform.recent import require_recent
from paceline_server.second_factor.model import Enrolment


async def begin(request: web.Request) -> web.StreamResponse:
    """POST /account/security/authenticator: make a secret, and go on to where it is shown."""
    owner_id = (await require_recent(request)).owner_id
    await form_of(request)
    user = await request.app[USERS].get(owner_id)
    try:
        await request.app[SECOND_FACTORS].begin(owner_id, user.username, request.host)
    except ConflictError as error:
        return await security_page(request, {"authenticator": error.message}, 409)
    return web.Response(status=303, headers={"Location": f"{PAGE}/authenticator", "Cache-Control": "no-store"})


async def show_secret(request: web.Request) -> web.StreamResponse:
    """GET /account/security/authenticator: the secret that is being set up."""
    return await _secret_page(request, None)


async def show_qr(request: web.Request) -> web.Response:
    """GET /account/security/authenticator.svg: the same as a QR code."""
    made = io.BytesIO()
    uri = (await _begun(request)).uri
    segno.make(uri, error="m").save(made, kind="svg", scale=4, border=4, light="#fff", dark="#000", xmldecl=False)
    return web.Response(body=made.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def confirm(request: web.Request) -> web.StreamResponse:
    """POST /account/security/authenticator/confirm {code}: switch it on, and show the recovery codes once."""
    owner_id = (await require_recent(request)).owner_id
    form = await form_of(request)
    try:
        codes = await request.app[SECOND_FACTORS].confirm(owner_id, form.get("code", "")[:40])
    except InvalidError as error:
        return await _secret_page(request, error)
    except ConflictError as error:
        return await security_page(request, {"authenticator": error.message}, 409)
    return await _codes(request, codes)


async def renew_codes(request: web.Request) -> web.StreamResponse:
    """POST /account/security/recovery-codes: new ones in place of the old."""
    owner_id = (await require_recent(request)).owner_id
    await form_of(request)
    try:
        return await _codes(request, await request.app[SECOND_FACTORS].renew_codes(owner_id))
    except ConflictError as error:
        return await security_page(request, {"authenticator": error.message}, 409)


async def switch_off(request: web.Request) -> web.StreamResponse:
    """POST /account/security/authenticator/off {password, code}."""
    owner_id, form = (await require(request)).owner_id, await form_of(request)
    try:
        await request.app[USERS].confirm(owner_id, form.get("password", "")[:1001], request.remote or "")
        await request.app[SECOND_FACTORS].switch_off(owner_id, form.get("code", "")[:40])
    except RequestError as error:
        status = 429 if STATUS[type(error)] == 429 else 400
        return await security_page(request, {"authenticator": error.message}, status)
    return done("off")


async def _begun(request: web.Request) -> Enrolment:
    owner_id = (await require_recent(request)).owner_id
    user = await request.app[USERS].get(owner_id)
    begun = await request.app[SECOND_FACTORS].begun(owner_id, user.username, request.host)
    if begun is None:
        raise web.HTTPSeeOther(PAGE)
    return begun


async def _secret_page(request: web.Request, error: InvalidError | None) -> web.Response:
    secret = (await _begun(request)).secret
    response = render(
        "authenticator.html",
        status=200 if error is None else 400,
        username=(await request.app[USERS].get((await require(request)).owner_id)).username,
        form_key=form_key(request),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        trouble=error.message if error is not None else None,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def _codes(request: web.Request, codes: list[str]) -> web.Response:
    user = await request.app[USERS].get((await require(request)).owner_id)
    response = render("recovery_codes.html", username=user.username, codes=codes)
    response.headers["Cache-Control"] = "no-store"
    return response
