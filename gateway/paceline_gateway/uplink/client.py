"""Requests to the server: one range of one journal each, what should be on a wearable, and what it says of itself."""

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, NamedTuple

import aiohttp
import zstandard

from paceline_gateway.config import Server
from paceline_gateway.errors import ConfigError, UplinkError
from paceline_gateway.uplink.answers import Answer, read_answer
from paceline_gateway.uplink.renewal import renew
from paceline_gateway.uplink.whereabouts import Find, Whereabouts, connector

LONGEST_ANSWER = 64 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=60, connect=15)
ZSTD_LEVEL = 3
UNAUTHORIZED = 401


class Probe(NamedTuple):
    """The head of an answer: its status, its Date as it stands there, and whether the body says that it is JSON."""

    status: int
    date: str
    is_json: bool


class Got(NamedTuple):
    """An answer as it came: `is_json` is what it says of its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_json: bool


class UplinkClient:
    """An HTTP client for one server; use with `async with`, which raises ConfigError for a `ca_file` that is none."""

    def __init__(self, server: Server, find: Find | None = None) -> None:
        """Take the settings; `find` is that of Whereabouts, as is the ConfigError."""
        self._server = server
        self._where = Whereabouts(server, find)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "UplinkClient":
        way = connector(self._server, self._where, vouched_by(self._server))
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), connector=way)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def put(self, device_id: bytes, epoch: int, position: int, data: bytes, *, gap: bool = False) -> Answer:
        """Send bytes of the journal; `gap` declares that what the server lacks before them is gone here.

        UplinkError when no answer came, ConfigError when the token's file is bad.
        """
        got = await self._send(
            "PUT",
            f"devices/{device_id.hex()}/journal/{epoch}",
            LONGEST_ANSWER,
            params={"position": str(position)} | ({"gap": "true"} if gap else {}),
            data=zstandard.compress(data, ZSTD_LEVEL),
            headers={"Content-Type": "application/octet-stream", "Content-Encoding": "zstd"},
        )
        return read_answer(got.status, got.headers, got.body)

    async def standing(self, device_id: bytes, epoch: int) -> bytes:
        """Return what the server says that it holds of a journal, undecoded; UplinkError as put()."""
        return await self._ask("GET", device_id, f"journal/{epoch}", LONGEST_ANSWER)

    async def desired(self, device_id: bytes) -> bytes:
        """Return the server's list of what should be on the wearable, undecoded; UplinkError as put()."""
        return await self._ask("GET", device_id, "desired", LONGEST_ANSWER)

    async def desired_blob(self, device_id: bytes, kind: str, size: int) -> bytes:
        """Return the blob of a kind, of which at most `size` bytes are wanted; UplinkError as put()."""
        return await self._ask("GET", device_id, f"desired/{kind}", size + 1)

    async def probe(self, device_id: bytes) -> Probe:
        """Ask for what should be on the wearable; return the answer's head, whatever it is.

        UplinkError when no answer came, ConfigError when the token's file is bad.
        """
        got = await self._send("GET", f"devices/{device_id.hex()}/desired", LONGEST_ANSWER)
        return Probe(got.status, got.headers.get("Date", ""), got.is_json)

    async def report(self, device_id: bytes, status: Mapping[str, object]) -> None:
        """Tell the server what the wearable says of itself; UplinkError as put()."""
        await self._ask("PUT", device_id, "status", LONGEST_ANSWER, status)

    async def _ask(
        self, method: str, device_id: bytes, path: str, most: int, table: Mapping[str, object] | None = None
    ) -> bytes:
        got = await self._send(method, f"devices/{device_id.hex()}/{path}", most, json=table)
        if got.status not in (200, 204):
            raise UplinkError(f"the server answered {got.status} to {method} {path}")
        return got.body

    async def _send(self, method: str, path: str, most: int, **sent: Any) -> Got:
        """Send a request with the token; once more with a new one when the server takes the old one no more."""
        if self._session is None:
            raise RuntimeError("use the client with `async with`")
        base = await self._where.url()
        try:
            token = self._server.token()
            got = await self._once(method, f"{base}/api/v1/{path}", token, most, **sent)
            if got.status == UNAUTHORIZED and await renew(self._session, self._server, base, token):
                got = await self._once(method, f"{base}/api/v1/{path}", self._server.token(), most, **sent)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._where.failed()
            raise unanswered(self._server, base, error) from error
        return got

    async def _once(self, method: str, url: str, token: str, most: int, **sent: Any) -> Got:
        assert self._session is not None
        headers = {"Authorization": f"Bearer {token}"} | sent.pop("headers", {})
        # A redirect would carry the token elsewhere.
        request = self._session.request(method, url, headers=headers, allow_redirects=False, **sent)
        async with request as response:
            body = await read_at_most(response.content, most)
            return Got(response.status, response.headers, body, response.content_type == "application/json")


def vouched_by(server: Server) -> ssl.SSLContext | bool:
    """Return who may vouch for the server's certificate; ConfigError when its `ca_file` cannot be used."""
    if server.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except ssl.SSLError as error:
        raise ConfigError(str(server.ca_file), "holds no certificate in PEM form") from error
    except OSError as error:
        raise ConfigError(str(server.ca_file), f"cannot be read: {error.strerror}") from error


def unanswered(server: Server, url: str, error: Exception) -> UplinkError:
    """Return what to tell of a request to the server at `url` without an answer, in one line."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = getattr(error.certificate_error, "verify_message", "") or str(error.certificate_error)
        trusted = server.ca_file or "this machine's authorities (is server.ca_file missing?)"
        return UplinkError(f"{url} shows a certificate that is not vouched for by {trusted}: {reason}")
    return UplinkError(f"no answer from {url}: {str(error) or type(error).__name__}")


async def read_at_most(stream: aiohttp.StreamReader, most: int) -> bytes:
    """Return the stream's bytes, no more than so many."""
    parts = bytearray()
    while len(parts) < most and (part := await stream.read(most - len(parts))):
        parts += part
    return bytes(parts)
