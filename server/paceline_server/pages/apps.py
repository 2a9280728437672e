"""What programs may see of one: keys for one's own, apps that one has let in, apps that one has registered."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from paceline_server.apps.model import App
from paceline_server.errors import ConflictError, InvalidError, NotFoundError, RequestError
from paceline_server.keys import API_KEYS, APPS, AUTHORIZATIONS, CLOCK, USERS
from paceline_server.pages import local_time
from paceline_server.pages.render import render
from paceline_server.pages.scope_words import WORDS, in_words
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.policy import Kind, Role, Scope
from paceline_server.platform.recent import require_recent
from paceline_server.platform.tokens import Token
from paceline_server.words.speech import gettext as _

Form = MultiDictProxy[Any]
_LIFETIMES_DAYS = {"30": 30, "365": 365, "": None}
_LONGEST = 6000


@dataclass(frozen=True, slots=True)
class EntryView:
    """A key, or an app that was let in."""

    token_id: str
    label: str
    words: list[str]
    since: str
    used: str
    until: str
    ended: str


async def show_apps(request: web.Request) -> web.Response:
    """GET /account/apps."""
    return await _page(request)


async def post_key(request: web.Request) -> web.Response:
    """POST /account/apps/keys {label, scope…, days, form_key}: make a key and show it, this once."""
    await require_recent(request)
    owner_id, form = await _sent(request)
    days = _LIFETIMES_DAYS.get(str(form.get("days", "")))
    expires_at_s = request.app[CLOCK]() + days * 86400.0 if days is not None else None
    named = {str(name) for name in form.getall("scope", [])}
    label = str(form.get("label", ""))[:_LONGEST]
    try:
        scopes = frozenset(scope for scope in Scope if scope in named)
        key = await request.app[API_KEYS].make(owner_id, label, scopes, expires_at_s)
    except (InvalidError, ConflictError) as error:
        return await _page(request, key_trouble=error)
    return await _page(request, key=key, key_label=label.strip())


async def post_app(request: web.Request) -> web.Response:
    """POST /account/apps/own {name, redirect_uris, type, form_key}: register an app and show its secret, this once."""
    await require_recent(request)
    owner_id, form = await _sent(request)
    uris = str(form.get("redirect_uris", ""))[:_LONGEST].split()
    kind = "confidential" if form.get("type") == "confidential" else "public"
    try:
        name = str(form.get("name", ""))[:_LONGEST]
        app, secret = await request.app[APPS].register(owner_id, name, uris, kind)
    except (InvalidError, ConflictError) as error:
        return await _page(request, app_trouble=error)
    return await _page(request, made=app, secret=secret)


async def close_entry(request: web.Request) -> web.Response:
    """POST /account/apps/close {token_id, form_key}: a key or an app is let in no more."""
    owner_id, form = await _sent(request)
    with suppress(NotFoundError):  # it is gone already, as was wished
        await request.app[USERS].revoke(owner_id, str(form.get("token_id", "")))
    return _back()


async def remove_app(request: web.Request) -> web.Response:
    """POST /account/apps/remove {client_id, form_key}: forget an app that one has registered."""
    owner_id, form = await _sent(request)
    with suppress(NotFoundError):
        await request.app[APPS].remove(owner_id, str(form.get("client_id", "")))
    return _back()


async def _sent(request: web.Request) -> tuple[str, Form]:
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    return identity.owner_id, form


async def _page(
    request: web.Request,
    *,
    key: str = "",
    key_label: str = "",
    key_trouble: RequestError | None = None,
    made: App | None = None,
    secret: str | None = None,
    app_trouble: RequestError | None = None,
) -> web.Response:
    owner_id = (await require(request)).owner_id
    user = await request.app[USERS].get(owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))

    def day(utc_s: float | None) -> str:
        return local_time.day_and_time(local_time.local(utc_s, zone)) if utc_s is not None else ""

    def view(token: Token) -> EntryView:
        times = (day(token.created_at_s), day(token.used_at_s), day(token.expires_at_s), day(token.ended_at_s))
        return EntryView(token.token_id, token.label, in_words(token.scopes), *times)

    trouble = key_trouble or app_trouble
    held = await request.app[USERS].tokens(owner_id)
    let_in = await request.app[AUTHORIZATIONS].let_in(owner_id)
    response = render(
        "apps.html",
        status=STATUS[type(trouble)] if trouble is not None else 200,
        username=user.username,
        keys=[view(token) for token in held if token.kind is Kind.API],
        apps=[view(token) for token in held if token.kind is Kind.APP],
        ended=[view(token) for token in let_in if token.ended_at_s is not None],
        own=await request.app[APPS].own(owner_id),
        choices={
            scope: _(words) for scope, words in WORDS.items() if scope is not Scope.ADMIN or user.role is Role.ADMIN
        },
        key=key,
        key_label=key_label,
        key_trouble=key_trouble.message if key_trouble is not None else "",
        made=made,
        secret=secret,
        app_trouble=app_trouble.message if app_trouble is not None else "",
        form_key=form_key(request),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _back() -> web.Response:
    return web.Response(status=303, headers={"Location": "/account/apps", "Cache-Control": "no-store"})
