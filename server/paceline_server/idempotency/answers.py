"""Requests and answers as bytes: the fingerprint by which a repeat is known, the answer that is given again."""

import hashlib

import orjson
from aiohttp import web

from paceline_server.platform.tokens import Identity

LARGEST_ANSWER = 64 << 10
KEPT_HEADERS = ("Content-Type", "Cache-Control", "ETag", "Location", "Link")


def fingerprint_of(request: web.Request, identity: Identity, body: bytes) -> bytes:
    """Return the digest of what is asked for and how far the one who asks reaches."""
    sent = [
        request.headers.get(name, "") for name in ("Content-Type", "Content-Length", "Content-Encoding", "If-Match")
    ]
    head = [request.method, request.raw_path, sent, repr(identity.viewer)]
    return hashlib.sha256(orjson.dumps(head) + b"\0" + body).digest()


def packed(response: web.StreamResponse) -> bytes | None:
    """Return an answer as it is kept; None for one that is too large or was sent piece by piece."""
    if not isinstance(response, web.Response) or response.prepared:
        return None
    body = response.body or b""
    if not isinstance(body, bytes) or len(body) > LARGEST_ANSWER:
        return None
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return orjson.dumps([response.status, headers]) + b"\n" + body


def unpacked(kept: bytes) -> web.Response:
    """Return the answer that was kept."""
    head, _, body = kept.partition(b"\n")
    status, headers = orjson.loads(head)
    return web.Response(status=status, headers=headers | {"Idempotency-Replayed": "true"}, body=body or None)
