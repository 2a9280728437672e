"""Strong entity tags and the conditions of requests (RFC 9110, 8.8.3 and 13.1).

A tag reads "STATE" or "STATE.BODY". STATE is of what an edit may overwrite; BODY is of the answer, where that also
shows what follows from other things. If-Match compares STATE, in the transaction of the edit, so that no update is
lost; If-None-Match compares all. Behind it stands the coding in which an answer is sent, as each has a tag of its own.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

import orjson
from aiohttp import web

from paceline_server.errors import InvalidError, PreconditionError

MOST_TAGS = 50
CODINGS = ("gzip", "zstd")
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*(?:,|$)')
_TAG_BYTES = 12


def tag_of(state: object) -> str:
    """Return the tag of a state: of anything that JSON can say, dataclasses too."""
    return _digest(orjson.dumps(state, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY))


@dataclass(frozen=True, slots=True)
class Condition:
    """What a request demands of the thing before it is edited; without `tags` and `new` nothing."""

    tags: frozenset[str] | None = None  # If-Match: STATEs, "*" for any
    new: bool = False  # If-None-Match: *

    def demand(self, present: str | None) -> None:
        """Raise PreconditionError unless the state of this tag (None: there is nothing) may be edited."""
        if self.new and present is not None:
            raise _refusal("There is such a thing already.", present)
        if self.tags is None or (present is not None and ("*" in self.tags or present in self.tags)):
            return
        told = (
            "This was changed meanwhile: load it again." if present is not None else "There is no such thing any more."
        )
        raise _refusal(told, present)


ANY = Condition()


def if_match(request: web.Request) -> Condition:
    """Return the condition of an edit; InvalidError when it is malformed."""
    match, none_match = _header(request, "If-Match"), _header(request, "If-None-Match")
    tags = None if match is None else frozenset(state_of(tag) for tag in _parsed(match, "If-Match", weak=False))
    if none_match is not None and none_match.strip() != "*":
        raise InvalidError("header", "If-None-Match of an edit can only be *.", field="If-None-Match")
    return Condition(tags, none_match is not None)


def tagged_response(request: web.Request, body: object, state: str, status: int = 200) -> web.Response:
    """Answer with JSON and its tag; 304 without a body when a GET says that it has just this."""
    data = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    tag = f"{state}.{_digest(data)}"
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    if (known := not_modified(request, tag)) is not None:
        return web.Response(status=304, headers=headers | {"ETag": f'"{known}"'})
    return web.Response(body=data, status=status, content_type="application/json", headers=headers)


def not_modified(request: web.Request, tag: str) -> str | None:
    """Return the tag by which the one who asks by GET or HEAD has the body of this tag already; None when not."""
    known = _header(request, "If-None-Match")
    if known is None or request.method not in {"GET", "HEAD"}:
        return None
    given = _parsed(known, "If-None-Match", weak=True)
    return next((tag if one == "*" else one for one in given if one == "*" or without_coding(one) == tag), None)


def without_coding(tag: str) -> str:
    """Return a tag without the name of the coding in which its body was sent."""
    head, _, coding = tag.rpartition("-")
    return head if coding in CODINGS else tag


def state_of(tag: str) -> str:
    """Return the part of a tag that If-Match compares."""
    return without_coding(tag).partition(".")[0]


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()[:_TAG_BYTES]).decode().replace("-", "~")


def _header(request: web.Request, name: str) -> str | None:
    values = request.headers.getall(name, [])
    return ",".join(values) if values else None


def _parsed(text: str, name: str, *, weak: bool) -> list[str]:
    if text.strip() == "*":
        return ["*"]
    tags: list[str] = []
    position = 0
    while position < len(text):
        found = _TAG.match(text, position)
        if found is None or len(tags) >= MOST_TAGS:
            raise InvalidError("header", f'{name} must be * or at most {MOST_TAGS} tags like "abc".', field=name)
        # A weak tag never matches strongly (RFC 9110, 8.8.3.2).
        if weak or not found[1]:
            tags.append(found[2])
        position = found.end()
    return tags


def _refusal(message: str, present: str | None) -> PreconditionError:
    return PreconditionError("precondition", message, etag=None if present is None else f'"{present}"')
