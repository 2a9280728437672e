"""Requests to the server: one range of one journal each."""

from types import TracebackType

import aiohttp
import zstandard

from paceline_gateway.config import Server
from paceline_gateway.errors import UplinkError
from paceline_gateway.uplink.answers import Answer, read_answer

LONGEST_ANSWER = 64 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=60, connect=15)
ZSTD_LEVEL = 3


class UplinkClient:
    """An HTTP client for one server; use with `async with`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "UplinkClient":
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def put(self, device_id: bytes, epoch: int, position: int, data: bytes, *, gap: bool = False) -> Answer:
        """Send bytes of the journal; `gap` declares that what the server lacks before them is gone for ever.

        UplinkError when no answer came, ConfigError when the token's file is bad.
        """
        if self._session is None:
            raise RuntimeError("use the client with `async with`")
        url = f"{self._server.url}/api/v1/devices/{device_id.hex()}/journal/{epoch}"
        headers = {
            "Authorization": f"Bearer {self._server.token()}",
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "zstd",
        }
        body = zstandard.compress(data, ZSTD_LEVEL)
        request = self._session.put(
            url,
            params={"position": str(position)} | ({"gap": "true"} if gap else {}),
            data=body,
            headers=headers,
            allow_redirects=False,  # a redirect would carry the token elsewhere
        )
        try:
            async with request as response:
                answer = await _read_at_most(response.content, LONGEST_ANSWER)
                return read_answer(response.status, response.headers, answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UplinkError(f"no answer from {self._server.url}: {str(error) or type(error).__name__}") from error


async def _read_at_most(stream: aiohttp.StreamReader, most: int) -> bytes:
    parts = bytearray()
    while len(parts) < most and (part := await stream.read(most - len(parts))):
        parts += part
    return bytes(parts)
