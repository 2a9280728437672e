"""A file on its way in: a raw body or the part `file` of a form, never more than may come, on disk meanwhile."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import BodyPartReader, web

from paceline_server.errors import InvalidError, TooLargeError, UnsupportedError
from paceline_server.formats.containers import shown
from paceline_server.platform.bodies import coding_of

CHUNK = 1 << 18
MOST_FIELD_BYTES = 1000
MOST_PARTS = 10


@dataclass(slots=True)
class Received:
    """The file's bytes and name ("" where none was said), and the fields that came before it."""

    data: bytes = b""
    name: str = ""
    fields: dict[str, str] = field(default_factory=dict)


Check = Callable[[dict[str, str]], None]


async def receive(request: web.Request, folder: Path, limit: int, check: Check = lambda _: None) -> Received:
    """Return what a request brings. `check` looks at the fields before any of the file is read.

    InvalidError where there is no file, TooLargeError for one over `limit` bytes, UnsupportedError for a coding.
    """
    if coding_of(request) != "identity":
        raise UnsupportedError("coding", "A file is sent as it is, without Content-Encoding.")
    if (request.content_length or 0) > limit + CHUNK:
        raise _too_large(limit)
    if request.content_type != "multipart/form-data":
        check({})
        return _some(Received(await _bounded(_pieces(request.content.readany), folder, limit)))
    found = Received()
    try:
        reader = await request.multipart()
        for _ in range(MOST_PARTS):
            part = await reader.next()
            if part is None:
                break
            if not isinstance(part, BodyPartReader):
                raise InvalidError("malformed", "A part of the form is a form itself.")
            if part.name == "file":
                check(found.fields)
                found.name = shown(part.filename) if part.filename else ""
                found.data = await _bounded(_pieces(part.read_chunk), folder, limit)
                break
            found.fields[str(part.name)] = await _text(part)
    except (ValueError, AssertionError) as error:
        raise InvalidError("malformed", f"The form cannot be read: {str(error)[:200]}.") from error
    return _some(found)


def _some(found: Received) -> Received:
    if not found.data:
        raise InvalidError("no_file", "There is no file in this request, or it is empty.", field="file")
    return found


async def _pieces(read: Callable[[], Awaitable[bytes]]) -> AsyncIterator[bytes]:
    while piece := await read():
        yield piece


async def _bounded(pieces: AsyncIterator[bytes], folder: Path, limit: int) -> bytes:
    size = 0
    with tempfile.TemporaryFile(dir=folder, prefix=".import-") as file:
        async for piece in pieces:
            size += len(piece)
            if size > limit:
                raise _too_large(limit)
            file.write(piece)
        file.seek(0)
        return file.read()


async def _text(part: BodyPartReader) -> str:
    data = await part.read_chunk(MOST_FIELD_BYTES + 1)
    if len(data) > MOST_FIELD_BYTES or (not part.at_eof() and await part.read_chunk()):
        raise InvalidError("field", "A field before the file is too long.")
    return data.decode("utf-8", "replace")


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError("too_large", f"A file may have {limit} bytes.", limit=limit)
