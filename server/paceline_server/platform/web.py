"""The HTTP edge: request ids, errors as JSON, security headers, bodies within their bounds."""

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import orjson
import zstandard
from aiohttp import web

from paceline_server.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RequestError,
    TooLargeError,
    TooManyError,
    UnauthenticatedError,
    UnsupportedError,
)
from paceline_server.platform.ids import new_id
from paceline_server.platform.metrics import RequestMetrics

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ErrorPage = Callable[[web.Request, int, str, str], web.Response]

API_PREFIX = "/api/"
STATUS: dict[type[RequestError], int] = {
    InvalidError: 400,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    TooLargeError: 413,
    UnsupportedError: 415,
    TooManyError: 429,
}
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ERROR_PAGE: web.AppKey[ErrorPage] = web.AppKey("error_page")  # how pages show an error; absent: plain text
METRICS = web.AppKey("metrics", RequestMetrics)
WINDOW_LIMIT = 8 << 20  # zstd window: bounds the memory of one decompression

_log = logging.getLogger("paceline.web")


def edge(clock: Callable[[], float], random_bytes: Callable[[int], bytes]) -> Any:
    """Make the outermost middleware."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        request_id = new_id(clock(), random_bytes)
        began = time.perf_counter()
        try:
            response = await handler(request)
        except RequestError as error:
            response = error_response(request, STATUS[type(error)], error.code, error.message, **error.fields)
        except web.HTTPRedirection:
            raise
        except web.HTTPException as error:
            response = _from_aiohttp(request, error)
        except Exception:  # noqa: BLE001 (the edge: logged, and answered as 500)
            _log.exception("request %s: %s %s failed", request_id, request.method, _route(request))
            response = error_response(
                request, 500, "internal", "Something went wrong here; it was logged.", request_id=request_id
            )
        took_s = time.perf_counter() - began
        # The route's pattern, not the path: logs hold no ids of people.
        route = _route(request)
        fields = {"request_id": request_id, "method": request.method, "route": route, "status": response.status}
        extra = {"fields": fields | {"took_ms": round(took_s * 1000, 1)}}
        status = response.status
        _log.info("%s %s %s %d %.1f ms", request_id, request.method, route, status, took_s * 1000, extra=extra)
        if METRICS in request.app:
            request.app[METRICS].count(request.method, route, status, took_s)
        if not response.prepared:
            response.headers["X-Request-ID"] = request_id
        return response

    return middleware


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer the security headers (an on_response_prepare signal)."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "Paceline"


def json_response(body: object, status: int = 200) -> web.Response:
    """Answer with JSON; numpy arrays become lists, NaN becomes null."""
    return web.Response(
        body=orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY),
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
    return response


def _problem(status: int, code: str, message: str) -> dict[str, object]:
    # RFC 9457, and the two names by which the API told errors before it.
    told: dict[str, object] = {
        "type": f"urn:paceline:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    return {**told, "detail": message, "error": code, "message": message}


async def read_json(request: web.Request) -> dict[str, Any]:
    """Return the body as a JSON object; InvalidError when it is none."""
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise InvalidError("malformed", f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict):
        raise InvalidError("malformed", "The body must be a JSON object.")
    return body


def text_field(body: dict[str, Any], name: str, longest: int = 1000) -> str:
    """Return a text that the body must hold."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise InvalidError("field", f"{name} must be a text of 1 to {longest} characters.", field=name)
    return value


def number_query(request: web.Request, name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the query, within its bounds."""
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or not low <= int(text[:20]) <= high:
        raise InvalidError("query", f"{name} must be a whole number from {low} to {high}.", field=name)
    return int(text)


def flag_query(request: web.Request, name: str) -> bool:
    """Return a flag of the query; absent is false."""
    text = request.query.get(name, "false")
    if text not in {"true", "false"}:
        raise InvalidError("query", f"{name} must be true or false.", field=name)
    return text == "true"


async def read_bytes(request: web.Request, limit: int) -> bytes:
    """Return the body, decompressed if Content-Encoding is zstd, of at most `limit` bytes however it was sent."""
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if coding not in {"identity", "zstd"}:
        raise UnsupportedError("coding", f"Content-Encoding {coding[:40]} is not known; zstd and identity are.")
    too_large = TooLargeError("too_large", f"The body may have {limit} bytes, decompressed.", limit=limit)
    if (request.content_length or 0) > limit:
        raise too_large
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise too_large from None
    if coding == "zstd":
        body = _decompress(body, limit)
    if len(body) > limit:
        raise too_large
    return body


def _decompress(body: bytes, limit: int) -> bytes:
    # A frame must state its size: so a bomb is refused before anything is unpacked, and a cut frame cannot pass.
    try:
        size = zstandard.frame_content_size(body)
        if size < 0:
            raise InvalidError("zstd", "The body's zstd frame must state its content size.")
        if size > limit:
            raise TooLargeError("too_large", f"The body may have {limit} bytes, decompressed.", limit=limit)
        decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW_LIMIT)
        return decompressor.decompress(body, max_output_size=limit, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise InvalidError("zstd", f"The body is not one whole zstd frame: {error}.") from error


def _from_aiohttp(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    code = {404: "not_found", 405: "method", 413: "too_large"}.get(error.status, "refused")
    response = error_response(request, error.status, code, error.reason)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "(no route)"
