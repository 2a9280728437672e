"""The HTTP edge: request ids, errors as answers, a line in the log and a count of each request."""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from paceline_server.errors import RequestError
from paceline_server.platform.answers import STATUS, error_response
from paceline_server.platform.coding import encode
from paceline_server.platform.forwarded import Network, as_sent
from paceline_server.platform.ids import new_id
from paceline_server.platform.metrics import RequestMetrics
from paceline_server.platform.patience import TooSlowError, waited_for
from paceline_server.platform.request_ids import done_for

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

METRICS = web.AppKey("metrics", RequestMetrics)

_log = logging.getLogger("paceline.web")


def edge(clock: Callable[[], float], random_bytes: Callable[[int], bytes], trusted: Sequence[Network] = ()) -> Any:
    """Make the outermost middleware; `trusted` are the proxies whose word counts."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        request = as_sent(request, trusted)
        request_id = new_id(clock(), random_bytes)
        began = time.perf_counter()
        try:
            with waited_for(request), done_for(request_id):
                response = await handler(request)
        except TooSlowError:
            response = error_response(request, 408, "too_slow", "The body did not come in time.")
            response.force_close()
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
        await encode(request, response)
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


def _from_aiohttp(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    code = {404: "not_found", 405: "method", 413: "too_large"}.get(error.status, "refused")
    response = error_response(request, error.status, code, error.reason)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "(no route)"
