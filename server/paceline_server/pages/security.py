"""How one's account is entered, on one page: e-mail, password, passkeys, authenticator. Works without scripts."""

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from aiohttp import web

from paceline_server.errors import InvalidError, NotFoundError, RequestError
from paceline_server.keys import ADDRESSES, CONFIG, NEW_PASSWORDS, PASSKEYS, SECOND_FACTORS, USERS
from paceline_server.pages import local_time
from paceline_server.pages.login import safe_path
from paceline_server.pages.render import render
from paceline_server.passkeys import store as passkeys
from paceline_server.passkeys.ceremonies import place_of
from paceline_server.passkeys.shapes import plain, read_credential
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.recent import require_recent
from paceline_server.words.speech import N_

PAGE = "/account/security"
_SAID = {
    "email": N_("A letter with a link is on its way to the new address."),
    "no-email": N_("Your account has no address any more."),
    "password": N_("Your password was changed, and all other browsers are logged out."),
    "passkey": N_("The passkey was added."),
    "removed": N_("The passkey was removed."),
    "off": N_("Log-in asks for no code any more."),
}


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey in words."""

    passkey_id: str
    name: str
    works_at: str
    since: str
    used: str | None


async def show_security(request: web.Request) -> web.Response:
    """GET /account/security."""
    await require_recent(request)
    return await security_page(request, {}, 200)


async def post_email(request: web.Request) -> web.StreamResponse:
    """POST /account/security/email {email}, or {remove}."""
    owner_id, form = (await require_recent(request)).owner_id, await form_of(request)
    if "remove" in form:
        await request.app[ADDRESSES].drop(owner_id)
        return done("no-email")
    wanted = request.app[ADDRESSES].want(owner_id, form.get("email", "")[:255])
    return await _try(request, "email", wanted, "email")


async def post_password(request: web.Request) -> web.StreamResponse:
    """POST /account/security/password {present, password, close_programs}."""
    identity, form = await require(request), await form_of(request)
    change = request.app[NEW_PASSWORDS].change(
        identity,
        form.get("present", "")[:1001],
        form.get("password", "")[:1001],
        request.remote or "",
        close_programs="close_programs" in form,
    )
    return await _try(request, "password", change, "password")


async def add_passkey(request: web.Request) -> web.StreamResponse:
    """POST /account/security/passkeys {ticket, credential, name}: what the page's script was answered."""
    identity, form = await require_recent(request), await form_of(request)
    try:
        credential = plain(read_credential(form.get("credential", "")))
    except msgspec.DecodeError:
        return await security_page(request, {"passkeys": "The browser's answer cannot be read."}, 400)
    place = place_of(request.app[CONFIG], request)
    added = request.app[PASSKEYS].register(
        identity, form.get("ticket", "")[:100], credential, form.get("name", ""), place
    )
    return await _try(request, "passkeys", added, "passkey")


async def remove_passkey(request: web.Request) -> web.StreamResponse:
    """POST /account/security/passkeys/remove {passkey_id}."""
    identity, form = await require_recent(request), await form_of(request)
    try:
        passkey_id = bytes.fromhex(form.get("passkey_id", "")[:64])
    except ValueError:
        passkey_id = b""
    with suppress(NotFoundError):  # it is gone already, as was wished
        await request.app[PASSKEYS].remove(identity.owner_id, passkey_id)
    return done("removed")


async def again(request: web.Request) -> web.StreamResponse:
    """GET /account/again?next=…: the password or a passkey, anew."""
    return await _again(request, safe_path(request.query.get("next")), None)


async def prove(request: web.Request) -> web.StreamResponse:
    """POST /account/again {password, next}, or {ticket, credential, next}."""
    identity, form, address = await require(request), await form_of(request), request.remote or ""
    next_path = safe_path(form.get("next"))
    try:
        if form.get("credential"):
            place = place_of(request.app[CONFIG], request)
            credential = plain(read_credential(form["credential"]))
            await request.app[PASSKEYS].prove(identity, form.get("ticket", "")[:100], credential, place, address)
        else:
            await request.app[USERS].prove(identity, form.get("password", "")[:1001], address)
    except msgspec.DecodeError:
        return await _again(request, next_path, InvalidError("passkey", "The browser's answer cannot be read."))
    except RequestError as error:
        return await _again(request, next_path, error)
    return web.Response(status=303, headers={"Location": next_path, "Cache-Control": "no-store"})


async def _again(request: web.Request, next_path: str, error: RequestError | None) -> web.Response:
    user = await request.app[USERS].get((await require(request)).owner_id)
    return render(
        "again.html",
        # 401 and 403 would say that somebody else must come.
        status=200 if error is None else 429 if STATUS[type(error)] == 429 else 400,
        username=user.username,
        form_key=form_key(request),
        next_path=next_path,
        has_passkeys=bool(await request.app[PASSKEYS].list_for(user.owner_id)),
        trouble=error.message if error is not None else None,
    )


async def form_of(request: web.Request) -> dict[str, str]:
    """Return the fields of a form of these pages; ForbiddenError when it is of no page that this log-in was shown."""
    form = await request.post()
    refuse_other_forms(request, form)
    return {name: str(value) for name, value in form.items()}


async def _try(request: web.Request, part: str, change: Awaitable[object], said: str) -> web.Response:
    try:
        await change
    except RequestError as error:
        return await security_page(request, {part: error.message}, 429 if STATUS[type(error)] == 429 else 400)
    return done(said)


def done(said: str) -> web.Response:
    """Answer to what was done: back to the page, which says so."""
    return web.Response(status=303, headers={"Location": f"{PAGE}?done={said}", "Cache-Control": "no-store"})


async def security_page(request: web.Request, trouble: dict[str, str], status: int) -> web.Response:
    """Show the page; `trouble` says by section what is wrong."""
    owner_id = (await require(request)).owner_id
    user, factors = await request.app[USERS].get(owner_id), request.app[SECOND_FACTORS]
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))

    def shown(utc_s: float) -> str:
        return local_time.day_and_time(local_time.local(utc_s, zone))

    return render(
        "security.html",
        status=status,
        username=user.username,
        owner_id=owner_id,
        form_key=form_key(request),
        said=_SAID.get(request.query.get("done", "")),
        trouble={"email": "", "password": "", "passkeys": "", "authenticator": ""} | trouble,
        addresses=await request.app[ADDRESSES].get(owner_id),
        second_factor=await factors.is_on(owner_id),
        codes_left=await factors.codes_left(owner_id),
        passkeys=[
            PasskeyRow(
                passkeys.id_of(one).hex(),
                one.name,
                one.rp_id,
                shown(one.created_at_s),
                shown(one.used_at_s) if one.used_at_s is not None else None,
            )
            for one in await request.app[PASSKEYS].list_for(owner_id)
        ],
    )
