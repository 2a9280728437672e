"""HTTP of the device grant (RFC 8628): forms in, JSON out, errors in OAuth's own shape."""

from urllib.parse import urlencode

from aiohttp import web

from paceline_server.grants.model import Refused
from paceline_server.grants.service import shown_code
from paceline_server.keys import CONFIG, GRANTS, USERS
from paceline_server.platform.policy import Scope
from paceline_server.platform.tokens import identity_of
from paceline_server.platform.web import json_response

PAGE = "/device"


async def begin(request: web.Request) -> web.Response:
    """POST /oauth/device_authorization {client_id, scope, client_name} → codes and where a person enters one."""
    form = await _form(request, needed=("client_id",))
    if isinstance(form, Refused):
        return _refusal(form)
    begun = await request.app[GRANTS].begin(
        form["client_id"], form.get("scope", ""), form.get("client_name", ""), request.remote or ""
    )
    if isinstance(begun, Refused):
        return _refusal(begun)
    scheme = "https" if request.app[CONFIG].secure_cookies else request.scheme
    page, code = f"{scheme}://{request.host}{PAGE}", shown_code(begun.user_code)
    return json_response(
        {
            "device_code": begun.device_code,
            "user_code": code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?{urlencode({'user_code': code})}",
            "expires_in": begun.expires_in_s,
            "interval": begun.interval_s,
        }
    )


async def redeem(request: web.Request) -> web.Response:
    """POST /oauth/token {grant_type, device_code, client_id} → the token, once a person has approved."""
    form = await _form(request, needed=("grant_type", "device_code", "client_id"))
    if isinstance(form, Refused):
        return _refusal(form)
    token = await request.app[GRANTS].redeem(form["grant_type"], form["device_code"], form["client_id"])
    if isinstance(token, Refused):
        return _refusal(token)
    identity = identity_of(token)
    assert identity is not None
    user = await request.app[USERS].get(identity.owner_id)
    return json_response(
        {"access_token": token, "token_type": "Bearer", "scope": Scope.GATEWAY, "username": user.username}
    )


async def _form(request: web.Request, needed: tuple[str, ...]) -> dict[str, str] | Refused:
    if request.content_type != "application/x-www-form-urlencoded":
        return Refused("invalid_request", "Send a form, application/x-www-form-urlencoded.")
    sent = await request.post()
    if len(set(sent)) != len(sent):
        return Refused("invalid_request", "A parameter stands there twice.")
    form = {name: value for name, value in sent.items() if isinstance(value, str) and len(value) <= 1000}
    missing = [name for name in needed if not form.get(name)]
    return Refused("invalid_request", f"{missing[0]} is missing.") if missing else form


def _refusal(refused: Refused) -> web.Response:
    # RFC 6749, 5.2: 400 but for a client that failed to show who it is.
    status = 401 if refused.error == "invalid_client" else 400
    return json_response({"error": refused.error, "error_description": refused.description}, status)
