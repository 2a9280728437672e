"""Traces for OpenTelemetry, where an operator asks for them: requests, what they ask of the database, events' turns.

A span is named by a route's pattern, a store function or a handler; no path, parameter, id or message of an error goes
into one. Nothing of OpenTelemetry is imported unless it is asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from aiohttp import web

from paceline_server.errors import UsageError
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.platform.request_ids import request_id
from paceline_server.platform.web import Handler

P = ParamSpec("P")
T = TypeVar("T")
Store = Callable[Concatenate[Connection, P], T]
Run = Callable[[T, Write], None]  # a handler of events, told of a turn

SERVICE = "paceline-server"
EXPORT_S, FLUSH_MS = 5.0, 2000


class Tracing:
    """Makes spans and sends them, from a thread of its own, to an OTLP/HTTP collector; close it when done."""

    def __init__(self, endpoint: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
            from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415
        except ImportError as error:
            raise UsageError(f"otel_endpoint needs {error.name}: pip install 'paceline-server[otel]'") from error
        self._provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_S)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SERVICE)
        self._server, self._inside, self._error = SpanKind.SERVER, SpanKind.INTERNAL, StatusCode.ERROR

    @contextmanager
    def span(self, name: str, *, serves: bool = False, **attributes: str | int) -> Iterator[Any]:
        """Time the block as a span below the one around it; an error is told by its class only."""
        kind = self._server if serves else self._inside
        with self._tracer.start_as_current_span(
            name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(self._error)
                raise

    def middleware(self) -> Any:
        """Make what stands around all of a request."""

        @web.middleware
        async def traced(request: web.Request, handler: Handler) -> web.StreamResponse:
            resource = request.match_info.route.resource
            route = resource.canonical if resource is not None else "(no route)"
            said = {"http.request.method": request.method, "http.route": route}
            with self.span(f"{request.method} {route}", serves=True) as span:
                span.set_attributes(said)
                response = await handler(request)
                span.set_attribute("http.response.status_code", response.status)
                if response.status >= 500:
                    span.set_status(self._error)
                if not response.prepared and "X-Request-ID" in response.headers:
                    span.set_attribute("paceline.request_id", response.headers["X-Request-ID"])
                return response

        return traced

    def close(self) -> None:
        """Send what is left, if that goes quickly; blocks."""
        self._provider.force_flush(FLUSH_MS)
        self._provider.shutdown()


class TracedDatabase(Database):
    """A database whose every use is a span."""

    def __init__(self, url: str, tracing: Tracing) -> None:
        self.tracing = tracing
        super().__init__(url)

    async def read(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as Database.read."""
        with self._span("read", function):
            return await super().read(function, *args, **kwargs)

    async def write(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as Database.write."""
        with self._span("write", function):
            return await super().write(function, *args, **kwargs)

    def write_now(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as Database.write_now."""
        with self._span("write", function):
            return super().write_now(function, *args, **kwargs)

    def _span(self, what: str, function: Callable[..., Any]) -> Any:
        name = f"{function.__module__.removeprefix('paceline_server.')}.{getattr(function, '__name__', 'function')}"
        return self.tracing.span(f"{what} {name}")


def around(tracing: Tracing | None, edge: Any) -> list[Any]:
    """Return the middlewares: the edge, and a span around it where there is tracing."""
    return [edge] if tracing is None else [tracing.middleware(), edge]


def close(tracing: Tracing | None) -> None:
    """Close it where there is one; blocks."""
    if tracing is not None:
        tracing.close()


def open_database(url: str, tracing: Tracing | None) -> Database:
    """Return the database; blocks."""
    return Database(url) if tracing is None else TracedDatabase(url, tracing)


def traced_runs(database: Database, runs: Mapping[str, Run[T]]) -> Mapping[str, Run[T]]:
    """Return the handlers of events, each a span where the database is traced."""
    if not isinstance(database, TracedDatabase):
        return runs
    tracing = database.tracing

    def traced(name: str, run: Run[T]) -> Run[T]:
        def within(turn: T, write: Write) -> None:
            cause = request_id()
            with tracing.span(f"event {name}") as span:
                if cause is not None:
                    span.set_attribute("paceline.request_id", cause)
                run(turn, write)

        return within

    return {name: traced(name, run) for name, run in runs.items()}
