"""Bodies of requests, unpacked and within their bounds."""

from typing import Any

import orjson
import zstandard
from aiohttp import web

from paceline_server.errors import InvalidError, TooLargeError, UnsupportedError

WINDOW_LIMIT = 8 << 20  # zstd window: bounds the memory of one decompression


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
