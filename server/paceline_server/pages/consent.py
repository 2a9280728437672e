"""Where a person lets an app in: who asks, for what, and where one is sent back to. Works without scripts."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

from paceline_server.apps.redirects import origin_for_policy
from paceline_server.authorizations.asking import with_parameters
from paceline_server.authorizations.model import Asked, Unfit
from paceline_server.errors import InvalidError
from paceline_server.keys import AUTHORIZATIONS, USERS
from paceline_server.origin import origin_of
from paceline_server.pages.render import render
from paceline_server.pages.scope_words import in_words
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.headers import PAGE_POLICY

_POLICY = "Content-Security-Policy"
_LONGEST = 1000


async def show_consent(request: web.Request) -> web.Response:
    """GET /oauth/authorize?…: who asks, and what for."""
    await require(request)
    if len(set(request.query)) != len(request.query):
        raise InvalidError("query", "A parameter stands there twice.")
    looked = await request.app[AUTHORIZATIONS].look(_given(request.query))
    return await _page(request, looked) if isinstance(looked, Asked) else _told(request, looked)


async def decide_consent(request: web.Request) -> web.Response:
    """POST /oauth/authorize {…, decision, form_key}: let the app in, or refuse; it is told either way."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    looked = await request.app[AUTHORIZATIONS].look(_given(form))
    if isinstance(looked, Unfit):
        return _told(request, looked)
    if form.get("decision") != "agree":
        return _told(request, Unfit(looked.redirect_uri, looked.state, "access_denied", "The person has refused."))
    code = await request.app[AUTHORIZATIONS].agree(identity.owner_id, looked)
    return _sent_on(request, looked.redirect_uri, {"code": code, "state": looked.state})


def _given(fields: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if isinstance(value, str) and len(value) <= _LONGEST}


async def _page(request: web.Request, asked: Asked) -> web.Response:
    users = request.app[USERS]
    user = await users.get((await require(request)).owner_id)
    maker = await users.get(asked.app.owner_id)
    target = urlsplit(asked.redirect_uri)
    response = render(
        "consent.html",
        username=user.username,
        app=asked.app,
        maker=maker.username,
        own=maker.owner_id == user.owner_id,
        target=target.hostname if target.scheme == "https" else "",
        words=in_words(asked.scopes),
        fields={
            "response_type": "code",
            "client_id": asked.app.client_id,
            "redirect_uri": asked.redirect_uri,
            "scope": " ".join(sorted(asked.scopes)),
            "state": asked.state,
            "code_challenge": asked.challenge,
            "code_challenge_method": "S256",
        },
        form_key=form_key(request),
    )
    # Browsers hold the redirect that follows a form to form-action, too.
    allowed = f"form-action 'self' {origin_for_policy(asked.redirect_uri)}"
    response.headers[_POLICY] = PAGE_POLICY.replace("form-action 'self'", allowed)
    return response


def _told(request: web.Request, unfit: Unfit) -> web.Response:
    told = {"error": unfit.error, "error_description": unfit.description, "state": unfit.state}
    return _sent_on(request, unfit.redirect_uri, told)


def _sent_on(request: web.Request, uri: str, parameters: Mapping[str, str]) -> web.Response:
    """Send back to an address that the app has registered, by GET (RFC 9700, 4.12), saying who we are (RFC 9207)."""
    location = with_parameters(uri, {**parameters, "iss": origin_of(request)})
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})
