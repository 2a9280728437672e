"""Signing in through an outside provider: there, back, and, for who is new here, a name. Works without scripts."""

from contextlib import suppress

from aiohttp import web

from paceline_server.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RequestError,
    TooManyError,
    UnauthenticatedError,
)
from paceline_server.keys import CONFIG, REGISTRATION, SIGN_IN, USERS
from paceline_server.origin import origin_of
from paceline_server.pages import local_time
from paceline_server.pages.login import code_form, safe_path
from paceline_server.pages.profile import take_browser_zone
from paceline_server.pages.render import render
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import (
    AUTHENTICATOR,
    form_key,
    identify,
    refuse_other_forms,
    refuse_other_sites,
    require,
)
from paceline_server.platform.recent import require_recent
from paceline_server.registration.model import CLOSED, INVITE
from paceline_server.sign_in.model import Claims, ProviderError
from paceline_server.sign_in.way import LIFETIME_S, Way
from paceline_server.users.model import LogIn
from paceline_server.words.speech import gettext as _

WAY, NEWCOMER = "paceline_sign_in", "paceline_newcomer"
_LONGEST = 1000
_UNANSWERED = 502


async def go_out(request: web.Request) -> web.StreamResponse:
    """GET /sign-in/{provider}?next=…: on to the provider, which was named in the operator's file."""
    name = request.match_info["provider"]
    if name not in request.app[SIGN_IN].providers:
        return _to("/login")
    try:
        url, cookie = await request.app[SIGN_IN].begin(
            name, _callback(request, name), safe_path(request.query.get("next")), request.remote or ""
        )
    except ProviderError as error:
        return _failed(request, error)
    response = _to(url)
    _carry(request, response, WAY, cookie)
    return response


async def come_back(request: web.Request) -> web.StreamResponse:
    """GET /sign-in/{provider}/callback?…: the provider sends somebody back, to log in or to link an account."""
    name = request.match_info["provider"]
    service = request.app[SIGN_IN]
    told = {key: value for key, value in request.query.items() if len(value) <= 4 * _LONGEST}
    try:
        way, claims = await service.returned(name, request.cookies.get(WAY, ""), told, _callback(request, name))
        if way.link_to:
            identity = await identify(request)
            if identity is None or identity.owner_id != way.link_to:
                raise InvalidError("sign_in", "You are not logged in any more as you were; begin anew.")
            await service.link(way.link_to, claims)
            response: web.StreamResponse = _to("/account/sign-in")
        else:
            response = await _let_in(request, name, way, claims)
    except (ProviderError, InvalidError, ConflictError, ForbiddenError) as error:
        response = _failed(request, error)
    response.del_cookie(WAY, path="/sign-in")
    return response


async def show_welcome(request: web.Request) -> web.StreamResponse:
    """GET /welcome: who has signed in for the first time chooses a name."""
    try:
        newcomer = request.app[SIGN_IN].carried(request.cookies.get(NEWCOMER, ""))
    except ForbiddenError:
        return _to("/login")
    return _welcome(request, newcomer.label, newcomer.label.partition("@")[0], None)


async def post_welcome(request: web.Request) -> web.StreamResponse:
    """POST /welcome {username, invitation}: make the account and log in."""
    refuse_other_sites(request)
    form = await request.post()
    name, invitation = (str(form.get(field, ""))[:_LONGEST].strip() for field in ("username", "invitation"))
    service = request.app[SIGN_IN]
    try:
        newcomer = service.carried(request.cookies.get(NEWCOMER, ""))
    except ForbiddenError:
        return _to("/login")
    try:
        user = await service.register(newcomer, name, invitation, request.remote or "")
    except (InvalidError, ForbiddenError, ConflictError, TooManyError) as error:
        return _welcome(request, newcomer.label, name, error)
    await take_browser_zone(request, user.owner_id)
    log_in = await request.app[USERS].begin_session(user.owner_id, request.headers.get("User-Agent", ""))
    response = _entered(request, log_in, newcomer.next_path)
    response.del_cookie(NEWCOMER, path="/welcome")
    return response


async def show_links(request: web.Request) -> web.Response:
    """GET /account/sign-in: which outside identities open the account."""
    owner_id = (await require(request)).owner_id
    user = await request.app[USERS].get(owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    providers = request.app[SIGN_IN].providers
    labels = {provider.issuer: provider.label for provider in providers.values()}
    linked = [
        {
            "identity_id": each.identity_id,
            "label": each.label,
            "provider": labels.get(each.issuer, each.issuer),
            "since": local_time.day_and_time(local_time.local(each.linked_at_s, zone)),
        }
        for each in await request.app[SIGN_IN].linked(owner_id)
    ]
    return render(
        "sign_in_links.html",
        username=user.username,
        linked=linked,
        providers=providers.values(),
        form_key=form_key(request),
    )


async def post_link(request: web.Request) -> web.StreamResponse:
    """POST /account/sign-in/{provider} {form_key}: have the provider say who one is there."""
    identity = await require_recent(request)
    refuse_other_forms(request, await request.post())
    name = request.match_info["provider"]
    if name not in request.app[SIGN_IN].providers:
        return _to("/account/sign-in")
    try:
        url, cookie = await request.app[SIGN_IN].begin(
            name, _callback(request, name), "/account/sign-in", request.remote or "", link_to=identity.owner_id
        )
    except ProviderError as error:
        return _failed(request, error)
    # Not a redirect: browsers hold one that follows a form to form-action, which names no other site.
    label = request.app[SIGN_IN].providers[name].label
    response: web.StreamResponse = render("sign_in_on.html", username=None, label=label, url=url)
    response.headers["Refresh"] = f"0; url={url}"
    response.headers["Cache-Control"] = "no-store"
    _carry(request, response, WAY, cookie)
    return response


async def post_unlink(request: web.Request) -> web.StreamResponse:
    """POST /account/unlink {identity_id, form_key}: that identity opens the account no more."""
    identity = await require_recent(request)
    form = await request.post()
    refuse_other_forms(request, form)
    with suppress(NotFoundError):  # it is gone already, as was wished
        await request.app[SIGN_IN].unlink(identity.owner_id, str(form.get("identity_id", "")))
    return _to("/account/sign-in")


async def _let_in(request: web.Request, name: str, way: Way, claims: Claims) -> web.StreamResponse:
    service = request.app[SIGN_IN]
    try:
        log_in = await service.log_in(name, claims, request.headers.get("User-Agent", ""))
    except UnauthenticatedError as error:  # a second factor is asked for here, too, whoever vouches
        return code_form(way.next_path, str(error.fields["ticket"]), None, 200)
    if log_in is not None:
        return _entered(request, log_in, way.next_path)
    response = _to("/welcome")
    _carry(request, response, NEWCOMER, service.newcomer(name, claims, way.next_path))
    return response


def _callback(request: web.Request, name: str) -> str:
    return f"{origin_of(request)}/sign-in/{name}/callback"


def _to(location: str) -> web.Response:
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})


def _entered(request: web.Request, log_in: LogIn, next_path: str) -> web.Response:
    response = _to(safe_path(next_path))
    request.app[AUTHENTICATOR].remember(response, log_in.token, request.app[CONFIG].session_lifetime_s)
    return response


def _carry(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    path = {WAY: "/sign-in", NEWCOMER: "/welcome"}[name]
    secure = origin_of(request).startswith("https:")
    response.set_cookie(name, value, max_age=int(LIFETIME_S), path=path, httponly=True, secure=secure, samesite="Lax")


def _failed(request: web.Request, error: ProviderError | RequestError) -> web.Response:
    known = isinstance(error, RequestError)
    status = STATUS[type(error)] if known else _UNANSWERED
    told = (
        error.message
        if known
        else _("The provider could not say who you are: %(error)s. Try again in a while.", error=error)
    )
    return render("sign_in_failed.html", status=status, username=None, told=told)


def _welcome(request: web.Request, label: str, name: str, error: RequestError | None) -> web.Response:
    mode = request.app[REGISTRATION].mode
    return render(
        "welcome.html",
        status=STATUS[type(error)] if error is not None else 200,
        username=None,
        label=label,
        name=name,
        invited=mode == INVITE,
        closed=mode == CLOSED,
        trouble=error.message if error is not None else None,
    )
