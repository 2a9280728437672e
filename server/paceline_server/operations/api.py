"""HTTP for operators: health, readiness, metrics, dead letters."""

import ipaddress
from collections.abc import Iterable
from pathlib import Path

from aiohttp import web

from paceline_server.events import store as events
from paceline_server.events.model import DeadLetter
from paceline_server.keys import APART, CLOCK, CONFIG, DATABASE, HUB, STOPPING, WORKER
from paceline_server.operations.readiness import look
from paceline_server.operations.shapes import DeadLetters, DeadQuery, Settled, Settling, Status
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.database import Connection
from paceline_server.platform.metrics import TYPE, value_lines
from paceline_server.platform.openapi.contract import Raw, gives
from paceline_server.platform.paging import asked, page_response
from paceline_server.platform.web import METRICS
from paceline_server.tls.kept import KEEPER

_STATM = Path("/proc/self/statm")
_PAGE_BYTES = 4096


@gives(200, Status)
async def health(_request: web.Request) -> web.Response:
    """Tell that the process answers."""
    return json_response({"status": "ok"})


@gives(200, Status, also={503: Status})
async def ready(request: web.Request) -> web.Response:
    """Tell whether requests can be served.

    503 while the server ends, when the database or the disk does not answer or is full, when the tables are another
    program's, or nobody works events off. `warnings` say what is going to hinder.
    """
    if request.app[STOPPING].is_set():
        return _not_ready("The server is stopping.")
    hindered, warnings = await look(request.app)
    return json_response({"status": "ready", "warnings": warnings}) if not hindered else _not_ready(hindered)


@gives(200, Raw("text/plain", "Prometheus' text."), also={404: Raw("text/html", "Asked from elsewhere.")})
async def show_metrics(request: web.Request) -> web.Response:
    """Metrics for Prometheus.

    To this machine only (a proxy would add X-Forwarded-For), unless they are let out.
    """
    if not request.app[CONFIG].open_metrics and not _from_here(request):
        raise web.HTTPNotFound
    due, dead, late_s = await request.app[DATABASE].read(_outbox, request.app[CLOCK]())
    lines = [*request.app[METRICS].lines(), *_numbers(request.app, due, dead, late_s)]
    return web.Response(text="\n".join(lines) + "\n", headers={"Content-Type": TYPE, "Cache-Control": "no-store"})


@gives(200, DeadLetters)
async def list_dead(request: web.Request, query: DeadQuery) -> web.Response:
    """List the events that failed for good; whose they are is not told."""
    page = asked(request, query)
    letters = await request.app[DATABASE].read(events.dead, page)
    total = await request.app[DATABASE].read(events.count_dead)
    return page_response(
        request, page, "events", letters, _letter, lambda letter: (letter.failed_at_s, letter.event_id), total
    )


@gives(200, Settled)
async def settle_dead(request: web.Request, body: Settling) -> web.Response:
    """Try events that failed again, or drop them."""

    def settle(connection: Connection) -> dict[str, int]:
        retried = sum(events.revive(connection, event_id) for event_id in body.retry)
        return {"retried": retried, "dropped": sum(events.discard(connection, event_id) for event_id in body.drop)}

    answer = await request.app[DATABASE].write(settle)
    request.app[WORKER].notify()
    return json_response(answer)


def _letter(letter: DeadLetter) -> dict[str, object]:
    return {
        "event_id": letter.event_id,
        "handler": letter.turn.handler,
        "made_at": utc_text(letter.made_at_s),
        "attempts": letter.attempts,
        "error": letter.error,
        "request_id": letter.request_id,
    }


def _not_ready(message: str) -> web.Response:
    return json_response({"status": "not ready", "message": message}, 503)


def _outbox(connection: Connection, now_s: float) -> tuple[int, int, float]:
    due, since_s = events.waiting(connection, now_s)
    return due, events.count_dead(connection), max(0.0, now_s - since_s) if since_s else 0.0


def _numbers(app: web.Application, due: int, dead: int, late_s: float) -> Iterable[str]:
    yield from value_lines("paceline_events_handled_total", "counter", app[WORKER].handled)
    yield from value_lines("paceline_events_failures_total", "counter", app[WORKER].failures)
    yield from value_lines("paceline_events_due", "gauge", due)
    yield from value_lines("paceline_events_late_seconds", "gauge", late_s)
    yield from value_lines("paceline_events_dead", "gauge", dead)
    yield from value_lines("paceline_live_activities_watched", "gauge", len(app[HUB].topics()))
    # Of idleness, too: what hostile bytes do shows in a count that rises fast.
    yield from value_lines("paceline_apart_ends_total", "counter", app[APART].deaths)
    if KEEPER in app:
        yield from value_lines("paceline_certificate_ends_timestamp_seconds", "gauge", app[KEEPER].ends.timestamp())
    if _STATM.exists():
        resident = int(_STATM.read_text().split()[1]) * _PAGE_BYTES
        yield "# TYPE paceline_resident_memory_bytes gauge"
        yield f"paceline_resident_memory_bytes {resident}"


def _from_here(request: web.Request) -> bool:
    try:
        here = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    return here and not any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
