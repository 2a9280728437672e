"""Bodies of requests, unpacked and within their bounds."""

import asyncio
import zlib
from typing import Any

import orjson
import zstandard
from aiohttp import web

from paceline_server.errors import InvalidError, TooLargeError, UnsupportedError

WINDOW_LIMIT = 8 << 20  # zstd window: bounds the memory of one decompression
LARGEST_JSON = 1 << 20
OFF_LOOP = 64 << 10  # unpacking more than this takes over a millisecond
CODINGS = ("identity", "gzip", "zstd")
_GZIP = 16 + zlib.MAX_WBITS


async def read_json(request: web.Request) -> dict[str, Any]:
    """Return the body as a JSON object; InvalidError when it is none."""
    try:
        body = orjson.loads(await read_bytes(request, LARGEST_JSON))
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
    """Return the body, unpacked as Content-Encoding says (gzip, zstd), of at most `limit` bytes however it was sent."""
    coding = coding_of(request)
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(limit) from None
    if coding != "identity":
        unpack = _gunzip if coding == "gzip" else _unpack_zstd
        body = await asyncio.to_thread(unpack, body, limit) if limit > OFF_LOOP else unpack(body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def coding_of(request: web.Request) -> str:
    """Return the one coding of the body; UnsupportedError when it is another than ours, or there are several."""
    coding = ",".join(request.headers.getall("Content-Encoding", [])).strip().lower() or "identity"
    if coding not in CODINGS:
        raise UnsupportedError("coding", f"Content-Encoding {coding[:40]} is not known; {', '.join(CODINGS)} are.")
    return coding


def _gunzip(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        data = unpacker.decompress(body, limit + 1)  # no more is unpacked, whatever the bomb holds
    except zlib.error as error:
        raise InvalidError("gzip", f"The body is not gzip: {error}.") from error
    if len(data) > limit:
        raise _too_large(limit)
    if not unpacker.eof or unpacker.unused_data:
        raise InvalidError("gzip", "The body is not one whole gzip member.")
    return data


def _unpack_zstd(body: bytes, limit: int) -> bytes:
    # A frame must state its size: so a bomb is refused before anything is unpacked, and a cut frame cannot pass.
    try:
        size = zstandard.frame_content_size(body)
        if size < 0:
            raise InvalidError("zstd", "The body's zstd frame must state its content size.")
        if size > limit:
            raise _too_large(limit)
        decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW_LIMIT)
        return decompressor.decompress(body, max_output_size=limit, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise InvalidError("zstd", f"The body is not one whole zstd frame: {error}.") from error


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError("too_large", f"The body may have {limit} bytes, unpacked.", limit=limit)
