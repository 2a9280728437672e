"""HTTP of the device grant (RFC 8628); its tokens are issued by authorizations/api.py."""

from urllib.parse import urlencode

from aiohttp import web

from paceline_server.grants.forms import read_form, refusal
from paceline_server.grants.model import Refused
from paceline_server.grants.service import shown_code
from paceline_server.grants.shapes import DeviceAsking, DeviceBegun, OAuthError
from paceline_server.keys import GRANTS
from paceline_server.origin import origin_of
from paceline_server.platform.answers import json_response
from paceline_server.platform.openapi.contract import Form, gives

PAGE = "/device"


@gives(200, DeviceBegun, also={400: OAuthError, 401: OAuthError}, refuses=(429,), sends=Form(DeviceAsking))
async def begin(request: web.Request) -> web.Response:
    """Ask for a code that a person enters, so that a gateway without a keyboard is let in."""
    form = await read_form(request, needed=("client_id",))
    if isinstance(form, Refused):
        return refusal(request, form)
    begun = await request.app[GRANTS].begin(
        form["client_id"], form.get("scope", ""), form.get("client_name", ""), request.remote or ""
    )
    if isinstance(begun, Refused):
        return refusal(request, begun)
    page, code = f"{origin_of(request)}{PAGE}", shown_code(begun.user_code)
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
