"""Traces: what a collector gets of a request and an event's turn, that nobody is named, and what is loaded without."""

import gzip
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from paceline_server.keys import DEVICES
from server.journal_builder import DEVICE_ID, DEVICE_KEY, workout
from server.running_server import RunningServer, StandingClock, make_person


class Collector:
    """Takes what OTLP/HTTP brings."""

    def __init__(self) -> None:
        self.bodies = list[bytes]()

    async def take(self, request: web.Request) -> web.Response:
        """POST /v1/traces."""
        body = await request.read()
        self.bodies.append(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        return web.Response(content_type="application/x-protobuf")

    def spans(self) -> list[Span]:
        """Return all that came."""
        parsed = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            s
            for one in parsed
            for resource in one.resource_spans
            for scope in resource.scope_spans
            for s in scope.spans
        ]


@pytest.fixture
async def collector() -> AsyncIterator[tuple[Collector, str]]:
    """A collector and its address."""
    made, app = Collector(), web.Application()
    app.router.add_post("/v1/traces", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield made, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_requests_database_and_events_are_spans_and_name_nobody(
    tmp_path: Path, collector: tuple[Collector, str]
) -> None:
    server = RunningServer(tmp_path / "data", StandingClock())
    server.config = replace(server.config, otel_endpoint=collector[1])
    await server.start()
    ann = make_person(server, "ann-who-is-secret")
    server.app[DEVICES].claim(ann.owner_id, DEVICE_ID, DEVICE_KEY)
    assert (await server.put(ann, workout(60)[0].data, 0))[0] == 200
    (activity,) = await server.activities(ann)
    assert (await server.get(ann, "/activities/not-an-id"))[0] in (400, 404)
    await server.stop()
    spans = collector[0].spans()
    by_id = {span.span_id: span for span in spans}
    put = next(span for span in spans if span.name == "PUT /api/v1/devices/{device_id}/journal/{epoch}")
    said = {one.key: one.value.string_value or one.value.int_value for one in put.attributes}
    assert (said["http.response.status_code"], len(str(said["paceline.request_id"]))) == (200, 36)
    assert put.kind == Span.SpanKind.SPAN_KIND_SERVER and not put.parent_span_id
    below = {span.name for span in spans if span.parent_span_id == put.span_id}
    assert any(name.startswith(("read journals.store.", "read devices.store.")) for name in below), below
    turn = next(span for span in spans if span.name == "event journals")
    assert {span.name for span in spans if by_id.get(span.parent_span_id) is turn} >= {"write activities.store.save"}
    assert all(span.status.code != Status.StatusCode.STATUS_CODE_ERROR for span in spans)
    everything = b"".join(collector[0].bodies)
    for secret in (ann.owner_id, ann.token, "ann-who-is-secret", DEVICE_ID, activity["activity_id"], "not-an-id"):
        assert secret.encode() not in everything


async def test_a_collector_that_is_away_changes_nothing(tmp_path: Path) -> None:
    server = RunningServer(tmp_path / "data", StandingClock())
    server.config = replace(server.config, otel_endpoint="http://127.0.0.1:9")
    await server.start()
    async with server.http.get("/healthz") as response:
        assert response.status == 200
    await server.stop()


def test_nothing_of_it_is_loaded_unless_it_is_asked_for() -> None:
    program = "import sys, paceline_server.cli as _; print([name for name in sys.modules if 'opentelemetry' in name])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"
