"""Answers: JSON, times, and errors as problem details (RFC 9457) or as the pages' own."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

import msgspec
import orjson
from aiohttp import web

from paceline_server.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    PreconditionError,
    RequestError,
    TooLargeError,
    TooManyError,
    UnauthenticatedError,
    UnavailableError,
    UnprocessableError,
    UnsupportedError,
)

ErrorPage = Callable[[web.Request, int, str, str], web.Response]

API_PREFIX = "/api/"
STATUS: dict[type[RequestError], int] = {
    InvalidError: 400,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    PreconditionError: 412,
    TooLargeError: 413,
    UnsupportedError: 415,
    UnprocessableError: 422,
    TooManyError: 429,
    UnavailableError: 503,
}
ERROR_PAGE: web.AppKey[ErrorPage] = web.AppKey("error_page")  # how pages show an error; absent: plain text


def json_response(body: object, status: int = 200) -> web.Response:
    """Answer with JSON; numpy arrays become lists, NaN becomes null."""
    return web.Response(
        body=orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def struct_response(body: msgspec.Struct, status: int = 200) -> web.Response:
    """Answer with a Struct as JSON."""
    return web.Response(
        body=msgspec.json.encode(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def utc_text(utc_s: float) -> str:
    """Return Unix seconds as the API writes a time."""
    return datetime.fromtimestamp(int(utc_s), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def error_response(request: web.Request, status: int, code: str, message: str, **fields: object) -> web.Response:
    """Answer with an error: JSON under /api/, the pages' own form elsewhere."""
    page = request.app.get(ERROR_PAGE)
    if request.path.startswith(API_PREFIX):
        response = json_response(_problem(status, code, message) | fields, status)
        response.content_type = "application/problem+json"
    elif page is not None:
        response = page(request, status, code, message)
    else:
        response = web.Response(text=message, status=status)
    if "retry_after_s" in fields:
        response.headers["Retry-After"] = str(fields["retry_after_s"])
    if isinstance(fields.get("etag"), str):
        response.headers["ETag"] = str(fields["etag"])
    return response


def _problem(status: int, code: str, message: str) -> dict[str, object]:
    # RFC 9457, and the two names by which the API told errors before it.
    told: dict[str, object] = {
        "type": f"urn:paceline:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    return {**told, "detail": message, "error": code, "message": message}
