"""`/healthz` and `/metrics` for monitors on this machine. GET only, a connection for each request.

A few lines of our own: a server library bounds neither how many connect nor how long they take to ask, and the gateway
must not run out of files because of a monitor.
"""

import asyncio
import contextlib
import json
import logging
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict

from paceline_gateway.config import Config
from paceline_gateway.uninterrupted import in_thread
from paceline_gateway.watch.backlog import backlogs
from paceline_gateway.watch.board import Board
from paceline_gateway.watch.health import reasons
from paceline_gateway.watch.metrics import CONTENT_TYPE, exposition

HOST = "127.0.0.1"
MOST_CONNECTIONS = 8
LONGEST_REQUEST = 4096
TIMEOUT_S = 5.0
_REQUEST = re.compile(rb"([A-Z]+) (/[!-~]*) HTTP/1\.[01]\r\n")
_HOST = re.compile(rb"\r\nhost:[ \t]*([!-~]*)[ \t]*\r\n", re.IGNORECASE)
_LOCAL = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)

log = logging.getLogger(__name__)

Page = tuple[int, str, str]
"""Status, content type, body."""


@contextlib.asynccontextmanager
async def local_pages(config: Config, board: Board) -> AsyncIterator[int]:
    """Serve on `local.port` of the loopback; gives the port, 0 when it is off. A port that is taken is only told of."""
    if not config.local_port:
        yield 0
        return
    try:
        listener = socket.create_server((HOST, config.local_port), backlog=MOST_CONNECTIONS)
    except OSError as error:
        log.error("local.port %d cannot be used, there is no /healthz: %s", config.local_port, error.strerror)
        yield 0
        return
    async with answering(lambda path: page(config, board, path), listener) as port:
        log.info("http://%s:%d has /healthz and /metrics", HOST, port)
        yield port


async def page(config: Config, board: Board, path: str) -> Page:
    """Return the page of a path, as things are now."""
    if path not in ("/healthz", "/metrics"):
        return 404, "text/plain", "there are /healthz and /metrics\n"
    held = await in_thread(backlogs, config.spool)
    state = board.state()
    if path == "/metrics":
        return 200, CONTENT_TYPE, exposition(config, state, held, state.written_utc_s)
    found = [asdict(reason) for reason in reasons(config, state, held, state.written_utc_s)]
    return 503 if found else 200, "application/json", json.dumps({"ok": not found, "reasons": found}) + "\n"


@contextlib.asynccontextmanager
async def answering(answer: Callable[[str], Awaitable[Page]], listener: socket.socket) -> AsyncIterator[int]:
    """Answer the requests that come to the listening socket, which is closed at the end; gives its port."""
    talks: set[asyncio.Task[None]] = set()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(talks) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        talks.add(task)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                writer.write(await _answered(reader, answer))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            writer.transport.abort()
        except Exception:
            writer.transport.abort()
            log.exception("a local request failed")
        finally:
            talks.discard(task)

    server = await asyncio.start_server(accepted, sock=listener, limit=LONGEST_REQUEST)
    try:
        yield listener.getsockname()[1]
    finally:
        server.close()
        for talk in list(talks):
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await server.wait_closed()


async def _answered(reader: asyncio.StreamReader, answer: Callable[[str], Awaitable[Page]]) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    request, host = _REQUEST.match(head), _HOST.search(head)
    if request is None:
        return _response(400, "text/plain", "this is no request\n")
    # Another name for this machine is that of a web page that wants to look in here.
    if host and not _LOCAL.fullmatch(host.group(1)):
        return _response(403, "text/plain", "only for this machine\n")
    if request.group(1) != b"GET":
        return _response(405, "text/plain", "only GET\n", "Allow: GET\r\n")
    return _response(*await answer(request.group(2).partition(b"?")[0].decode("ascii")))


_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Not Allowed", 503: "Unavailable"}


def _response(status: int, content_type: str, body: str, more: str = "") -> bytes:
    data = body.encode()
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: {content_type}\r\nContent-Length: {len(data)}\r\n"
        f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n{more}\r\n"
    )
    return head.encode("ascii") + data
