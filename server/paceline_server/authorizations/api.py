"""HTTP of tokens: forms in, JSON out, errors in OAuth's own shape (RFC 6749, 3.2, 5; RFC 7009; RFC 8414)."""

from aiohttp import web

from paceline_server.authorizations.asking import GRANTABLE
from paceline_server.grants.forms import client_named, lacking, read_form, refusal
from paceline_server.grants.model import Refused
from paceline_server.grants.service import GRANT_TYPE as DEVICE_CODE
from paceline_server.grants.shapes import Metadata, OAuthError, Revoking, TokenAsking, Tokens
from paceline_server.keys import AUTHORIZATIONS, GRANTS, USERS
from paceline_server.origin import origin_of
from paceline_server.platform.answers import json_response
from paceline_server.platform.authorizations import Issued
from paceline_server.platform.openapi.contract import Form, gives

_NEEDED = {
    DEVICE_CODE: ("device_code", "client_id"),
    "authorization_code": ("code", "redirect_uri", "code_verifier"),
    "refresh_token": ("refresh_token",),
}
_ERRORS = {400: OAuthError, 401: OAuthError}


@gives(200, Tokens, also=_ERRORS, refuses=(429,), sends=Form(TokenAsking))
async def issue(request: web.Request) -> web.Response:
    """Get tokens for a code, for a refresh token, or for a device code.

    A client shows who it is by `client_id`, and by its secret if it has one, in the form or by HTTP Basic.
    """
    form = await read_form(request, needed=("grant_type",))
    issued = form if isinstance(form, Refused) else await _issued(request, form)
    if isinstance(issued, Refused):
        return refusal(request, issued)
    user = await request.app[USERS].get(issued.owner_id)
    return json_response(
        {
            "access_token": issued.access_token,
            "token_type": "Bearer",
            "expires_in": issued.expires_in_s,
            "refresh_token": issued.refresh_token,
            "scope": " ".join(sorted(issued.scopes)),
            "user_id": issued.owner_id,
            "username": user.username,
        }
    )


@gives(200, also=_ERRORS, refuses=(429,), sends=Form(Revoking))
async def revoke(request: web.Request) -> web.Response:
    """End what an access or refresh token belongs to.

    Also answers 200 for what is no token of the client's (RFC 7009, 2.2).
    """
    form = await read_form(request, needed=("token",))
    if isinstance(form, Refused):
        return refusal(request, form)
    named = client_named(request, form)
    service = request.app[AUTHORIZATIONS]
    client = named if isinstance(named, Refused) else await service.client(*named, request.remote or "")
    if isinstance(client, Refused):
        return refusal(request, client)
    await service.revoke(client, form["token"])
    return web.Response(status=200, headers={"Cache-Control": "no-store"})


@gives(200, Metadata)
async def show_metadata(request: web.Request) -> web.Response:
    """What there is of OAuth, for programs (RFC 8414)."""
    origin = origin_of(request)
    ways = ["none", "client_secret_basic", "client_secret_post"]
    return json_response(
        {
            "issuer": origin,
            "authorization_endpoint": f"{origin}/oauth/authorize",
            "token_endpoint": f"{origin}/api/v1/oauth/token",
            "revocation_endpoint": f"{origin}/api/v1/oauth/revoke",
            "device_authorization_endpoint": f"{origin}/api/v1/oauth/device_authorization",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": sorted(_NEEDED),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ways,
            "revocation_endpoint_auth_methods_supported": ways,
            "authorization_response_iss_parameter_supported": True,
            "scopes_supported": sorted(GRANTABLE),
        }
    )


async def _issued(request: web.Request, form: dict[str, str]) -> Issued | Refused:
    grant_type = form["grant_type"]
    if grant_type not in _NEEDED:
        return Refused("unsupported_grant_type", f"The grant types are {', '.join(sorted(_NEEDED))}.")
    if refused := lacking(form, _NEEDED[grant_type]):
        return refused
    if grant_type == DEVICE_CODE:
        return await request.app[GRANTS].redeem(form["device_code"], form["client_id"])
    named = client_named(request, form)
    service = request.app[AUTHORIZATIONS]
    client = named if isinstance(named, Refused) else await service.client(*named, request.remote or "")
    if isinstance(client, Refused):
        return client
    return await (service.redeem if grant_type == "authorization_code" else service.renew)(client, form)
