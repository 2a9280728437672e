"""Codings of answers (RFC 9110, 8.4 and 12.5.3): zstd or gzip, as the client prefers.

Pages are packed with the secrets in them: a form's key is masked anew in each answer (platform/auth.py), so that the
length of an answer tells nothing of it, whatever input stands beside it (the BREACH attack). Tokens are only in answers
that reflect nothing.
"""

import asyncio
import gzip
import re

import zstandard
from aiohttp import web

SMALLEST = 1024  # under it a packet is a packet
OFF_LOOP = 32 << 10  # packing more than this takes over a millisecond
GZIP_LEVEL, ZSTD_LEVEL = 5, 3
CODINGS = ("zstd", "gzip")  # the one that is first is taken of those that are as welcome
PACKABLE = re.compile(
    r"text/.*|application/(json|problem\+json|javascript|manifest\+json|xml|gpx\+xml|geo\+json)|image/svg\+xml"
)
_WEIGHT = re.compile(r"q=(0(\.[0-9]{0,3})?|1(\.0{0,3})?)", re.IGNORECASE)


def best_coding(accept: str | None) -> str:
    """Return the coding that an Accept-Encoding asks for, "identity" when it asks for none that is known."""
    weights: dict[str, float] = {}
    for part in (accept or "").lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        found = _WEIGHT.fullmatch(parameters[0]) if parameters else None
        weights[name] = float(found[1]) if found is not None else 0.0 if parameters else 1.0
    others = weights.get("*", 0.0)
    welcome = {coding: weights.get(coding, others) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: welcome[coding])
    return best if welcome[best] > 0 and welcome[best] >= weights.get("identity", 0.0) else "identity"


async def encode(request: web.Request, response: web.StreamResponse) -> None:
    """Pack the body of an answer, if it is worth it, and say so; a large one is packed in a thread."""
    if response.prepared or not isinstance(response, web.Response) or not PACKABLE.fullmatch(response.content_type):
        return
    body = response.body
    if not isinstance(body, bytes) or len(body) < SMALLEST or "Content-Encoding" in response.headers:
        return
    vary = response.headers.get("Vary")
    response.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    coding = best_coding(request.headers.get("Accept-Encoding"))
    if coding == "identity":
        return
    packed = await asyncio.to_thread(_pack, body, coding) if len(body) > OFF_LOOP else _pack(body, coding)
    response.body = packed
    response.headers["Content-Encoding"] = coding
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        response.headers["ETag"] = f'{tag[:-1]}-{coding}"'


def _pack(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.compress(body, GZIP_LEVEL, mtime=0)
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(body)
