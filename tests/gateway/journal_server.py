"""A server that does just what docs/ARCHITECTURE.md says of ingest, on loopback, with faults to order."""

import asyncio
import ssl
from collections import deque

import zstandard
from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "the-token"
LARGEST_BODY = 1 << 20


class JournalServer:
    """`held` is what it took; `faults` are used up by the next requests, one each; `requests` tells what was asked."""

    def __init__(self, port: int = 0) -> None:
        self.held: dict[tuple[str, int], bytearray] = {}
        self.faults: deque[str] = deque()
        self.requests: list[tuple[int, int]] = []
        self.gaps: list[tuple[int, int]] = []
        self.asked = asyncio.Event()
        self.largest_range = LARGEST_BODY
        self.knows_gaps = True
        self.retry_after_s = 0
        self.unknown: set[str] = set()
        self.stops_after: int | None = None
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_put("/api/v1/devices/{device}/journal/{epoch}", self._put)
        self._runner = TestServer(app, port=port or None)

    async def start(self, tls: ssl.SSLContext | None = None) -> str:
        """Serve on a free port of the loopback; return the URL."""
        await self._runner.start_server(auto_decompress=False, ssl=tls)
        return f"{'https' if tls else 'http'}://127.0.0.1:{self._runner.port}"

    async def stop(self) -> None:
        """Stop serving."""
        await self._runner.close()

    async def _put(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.popleft() if self.faults else ""
        position = int(request.query["position"])
        if fault == "hang up":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        data = zstandard.decompress(await request.read(), max_output_size=LARGEST_BODY)
        self.requests.append((position, len(data)))
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "unauthorized", "message": "no"}, status=401)
        if request.match_info["device"] in self.unknown:
            return web.json_response({"error": "not_found"}, status=404)
        if self.stops_after is not None and len(self.requests) > self.stops_after:
            return web.json_response({"error": "stopping"}, status=503)
        if len(data) > self.largest_range:
            return web.Response(status=413)
        if fault.isdigit():
            return web.json_response(
                {"error": "trouble"}, status=int(fault), headers={"Retry-After": str(self.retry_after_s)}
            )
        if fault == "nonsense":
            return web.Response(text="<html>it works</html>")
        if fault == "redirect":
            return web.Response(status=307, headers={"Location": "http://127.0.0.1:1/elsewhere"})
        answer = self._take(request, position, data)
        if fault == "cut the answer":
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b'{"posi')
            assert request.transport is not None
            request.transport.abort()
            return response
        self.asked.set()
        return answer

    def _take(self, request: web.Request, position: int, data: bytes) -> web.Response:
        held = self.held.setdefault((request.match_info["device"], int(request.match_info["epoch"])), bytearray())
        if position > len(held) and self.knows_gaps and "gap" in request.query:
            self.gaps.append((len(held), position))
            held += bytes(position - len(held))
        if position > len(held):
            return web.json_response({"error": "gap", "expected_position": len(held)}, status=409)
        for offset, (one, other) in enumerate(zip(held[position:], data, strict=False)):
            if one != other:
                return web.json_response({"error": "differs", "position": position + offset}, status=409)
        held += data[max(len(held) - position, 0) :]
        return web.json_response({"position": len(held)})
