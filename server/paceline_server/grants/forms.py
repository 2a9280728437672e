"""Forms and errors of OAuth's endpoints (RFC 6749, 3.2 and 5.2)."""

import base64
import binascii
from urllib.parse import unquote_plus

from aiohttp import web

from paceline_server.errors import RequestError
from paceline_server.grants.model import Refused
from paceline_server.platform.answers import json_response
from paceline_server.platform.form_bodies import read_texts

LONGEST_VALUE = 1000


async def read_form(request: web.Request, needed: tuple[str, ...]) -> dict[str, str] | Refused:
    """Return the fields of a form, each there once; Refused when it is none, or lacks one of `needed`."""
    if request.content_type != "application/x-www-form-urlencoded":
        return Refused("invalid_request", "Send a form, application/x-www-form-urlencoded.")
    try:
        sent = await read_texts(request)
    except RequestError as error:
        return Refused("invalid_request", error.message)
    if len(set(sent)) != len(sent):
        return Refused("invalid_request", "A parameter stands there twice.")
    form = {name: value for name, value in sent.items() if isinstance(value, str) and len(value) <= LONGEST_VALUE}
    return lacking(form, needed) or form


def lacking(form: dict[str, str], needed: tuple[str, ...]) -> Refused | None:
    """Return what to tell when a field is missing."""
    missing = [name for name in needed if not form.get(name)]
    return Refused("invalid_request", f"{missing[0]} is missing.") if missing else None


def client_named(request: web.Request, form: dict[str, str]) -> tuple[str, str | None] | Refused:
    """Return id and secret of a client, by the header or by the form, but not by both (2.3.1)."""
    header = request.headers.get("Authorization")
    if header is None:
        return lacking(form, ("client_id",)) or (form["client_id"], form.get("client_secret"))
    scheme, _, coded = header.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        client_id, colon, secret = "", "", ""
    if scheme.lower() != "basic" or not colon:
        return Refused("invalid_client", "A client shows who it is by HTTP Basic, or in the form.")
    named = unquote_plus(client_id)
    if "client_secret" in form or form.get("client_id", named) != named:
        return Refused("invalid_request", "A client shows who it is in one way.")
    return named, unquote_plus(secret)


def refusal(request: web.Request, refused: Refused) -> web.Response:
    """Answer with an error in OAuth's own shape: 400, but 401 for a client that failed to show who it is."""
    status = 401 if refused.error == "invalid_client" else 400
    response = json_response({"error": refused.error, "error_description": refused.description}, status)
    if status == 401 and "Authorization" in request.headers:
        response.headers["WWW-Authenticate"] = 'Basic realm="paceline"'
    return response
