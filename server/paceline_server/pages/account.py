"""One's account: who one is, what opens it, and the way to close each."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo

from aiohttp import web

from paceline_server.errors import NotFoundError
from paceline_server.keys import USERS
from paceline_server.pages import local_time
from paceline_server.pages.profile import profile_parts, save_body, save_profile
from paceline_server.pages.render import render
from paceline_server.platform.auth import AUTHENTICATOR, form_key, refuse_other_forms, require
from paceline_server.platform.policy import Kind
from paceline_server.platform.tokens import token_id_of
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

_KINDS = {
    Kind.SESSION: N_("Browsers and apps"),
    Kind.GATEWAY: N_("Gateways"),
    Kind.APP: N_("Apps that you have let in"),
    Kind.API: N_("API keys"),
}


@dataclass(frozen=True, slots=True)
class TokenView:
    """One row: a session, gateway or API token."""

    token_id: str
    label: str
    since: str
    machine_time: str
    this_one: bool
    used: str | None  # to the minute; None: never


async def show_account(request: web.Request) -> web.Response:
    """GET /account."""
    return await _page(request)


async def post_profile(request: web.Request) -> web.StreamResponse:
    """POST /account/profile {a field of FORM_FIELDS …, form_key}: what is in the form."""
    trouble = await save_profile(request)
    return await _page(request, profile_trouble=trouble, status=400) if trouble else _back("#profile")


async def post_body(request: web.Request) -> web.StreamResponse:
    """POST /account/body {metric, value, from, form_key}; with `remove` that value is taken back."""
    trouble = await save_body(request)
    return await _page(request, body_trouble=trouble, status=400) if trouble else _back("#body")


async def _page(
    request: web.Request, *, profile_trouble: str = "", body_trouble: str = "", status: int = 200
) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    groups: dict[str, list[TokenView]] = {_(name): [] for name in _KINDS.values()}
    for token in await request.app[USERS].tokens(identity.owner_id):
        made = local_time.local(token.created_at_s, zone)
        groups[_(_KINDS[token.kind])].append(
            TokenView(
                token.token_id,
                _browser(token.label) if token.kind is Kind.SESSION else token.label,
                local_time.day_and_time(made),
                local_time.machine_time(token.created_at_s),
                token.token_id == token_id_of(identity.token_hash),
                _moment(token.used_at_s, zone),
            )
        )
    return render(
        "account.html",
        status=status,
        username=user.username,
        owner_id=user.owner_id,
        role=user.role,
        groups=groups,
        gateways=_(_KINDS[Kind.GATEWAY]),
        form_key=form_key(request),
        profile_trouble=profile_trouble,
        body_trouble=body_trouble,
        **await profile_parts(request, identity.owner_id),
    )


async def revoke(request: web.Request) -> web.StreamResponse:
    """POST /account/revoke {token_id, form_key}: that session, gateway or program is let in no more."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    with suppress(NotFoundError):  # it is gone already, as was wished
        await request.app[USERS].revoke(identity.owner_id, str(form.get("token_id", "")))
    return _back("#opens")


async def log_out_everywhere(request: web.Request) -> web.StreamResponse:
    """POST /account/logout-everywhere {form_key}: end all sessions, this one too."""
    identity = await require(request)
    refuse_other_forms(request, await request.post())
    await request.app[USERS].log_out_everywhere(identity.owner_id)
    response = web.Response(status=303, headers={"Location": "/login", "Cache-Control": "no-store"})
    request.app[AUTHENTICATOR].forget(response)
    return response


def _back(part: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/account{part}", "Cache-Control": "no-store"})


def _moment(utc_s: float | None, zone: tzinfo) -> str | None:
    return local_time.day_and_time(local_time.local(utc_s, zone)) if utc_s is not None else None


def _browser(agent: str) -> str:
    """Return a browser and its system in two words, as far as they say; else the beginning of what it calls itself."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"}
    browser = next((name for mark, name in browsers.items() if mark in agent), "")
    system = next((name for mark, name in (systems | {"Linux": "Linux"}).items() if mark in agent), "")
    return (
        _("%(browser)s on %(system)s", browser=browser, system=system) if browser and system else browser or agent[:40]
    )
