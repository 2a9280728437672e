"""Files on their way in: a raw body or the parts `file` of a form, never more than may come, on disk when large."""

import asyncio
import shutil
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from aiohttp import BodyPartReader, web

from paceline_server.errors import InvalidError, TooLargeError, UnsupportedError
from paceline_server.formats.containers import shown
from paceline_server.platform.bodies import coding_of

CHUNK = 1 << 18
SMALL_BYTES = 1 << 17  # stays in memory
HELD_BYTES = 1 << 20  # of a larger one are written together, in a thread: a disk may be slow
SCRATCH = ".import-"  # what is on its way in lies in the data folder under such a name
LEFT_S = 86_400.0  # far longer than any file takes to come
MOST_FIELD_BYTES = 1000
MOST_PARTS = 5000
MOST_BEFORE = 10  # fields before the files


@dataclass(slots=True)
class Received:
    """What came: its bytes, or the path of a file that is there as long as the context is open.

    `name` is "" where none was said; `fields` are those that came before it. A file that is `ours` may be moved away.
    """

    data: bytes = b""
    path: Path | None = None
    size_bytes: int = 0
    name: str = ""
    ours: bool = False
    fields: dict[str, str] = field(default_factory=dict)


Check = Callable[[dict[str, str]], None]


@asynccontextmanager
async def receive(
    request: web.Request, folder: Path, limit: int, check: Check = lambda _: None
) -> AsyncIterator[Received]:
    """Give what a request brings; several files as one zip. `check` looks at the fields before any file is read.

    InvalidError where there is no file, TooLargeError for more than `limit` bytes, UnsupportedError for a coding.
    """
    if coding_of(request) != "identity":
        raise UnsupportedError("coding", "A file is sent as it is, without Content-Encoding.")
    if (request.content_length or 0) > limit + CHUNK:
        raise _too_large(limit)
    with ExitStack() as stack:

        def scratch() -> Path:
            path = folder / f"{SCRATCH}{token_hex(8)}"
            stack.callback(path.unlink, missing_ok=True)
            return path

        if request.content_type == "multipart/form-data":
            found = await _of_form(request, scratch, limit, check)
        else:
            check({})
            found = await _kept(request.content.readany, scratch, limit)
        if not found.size_bytes:
            raise InvalidError("no_file", "There is no file in this request, or it is empty.", field="file")
        yield found


def sweep(folder: Path, now_s: float) -> int:
    """Delete what a crash left of files on their way in, a day ago or longer; return how many. Blocks."""
    gone = 0
    for path in folder.glob(f"{SCRATCH}*"):
        with suppress(FileNotFoundError):  # another process is at it, too
            if now_s - path.lstat().st_mtime > LEFT_S:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
                gone += 1
    return gone


async def _of_form(request: web.Request, scratch: Callable[[], Path], limit: int, check: Check) -> Received:
    fields: dict[str, str] = {}
    came: list[Received] = []
    try:
        reader = await request.multipart()
        for number in range(MOST_PARTS):
            part = await reader.next()
            if part is None:
                break
            if not isinstance(part, BodyPartReader):
                raise InvalidError("malformed", "A part of the form is a form itself.")
            if part.name != "file":
                if came or number >= MOST_BEFORE:
                    raise InvalidError("malformed", "The fields of the form come before its files.")
                fields[str(part.name)] = await _text(part)
                continue
            if not came:
                check(fields)
            name = shown(part.filename) if part.filename else ""
            left = limit - sum(one.size_bytes for one in came)
            one = await _kept(part.read_chunk, scratch, left)
            one.name = name
            if one.size_bytes:
                came.append(one)
    except (ValueError, AssertionError) as error:
        raise InvalidError("malformed", f"The form cannot be read: {str(error)[:200]}.") from error
    found = Received() if not came else came[0] if len(came) == 1 else _together(came, scratch())
    found.fields = fields
    return found


async def _kept(read: Callable[[], Awaitable[bytes]], place: Callable[[], Path], limit: int) -> Received:
    path: Path | None = None
    pieces: list[bytes] = []
    size = held = 0
    while piece := await read():
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
        held += len(piece)
        if held >= HELD_BYTES:
            path = path or place()
            await asyncio.to_thread(_append, path, pieces)
            pieces, held = [], 0
    if size <= SMALL_BYTES:
        return Received(b"".join(pieces), None, size)
    path = path or place()
    await asyncio.to_thread(_append, path, pieces)
    return Received(b"", path, size, ours=True)


def _append(path: Path, pieces: list[bytes]) -> None:
    with path.open("ab") as file:
        file.writelines(pieces)


def _together(came: list[Received], path: Path) -> Received:
    names: set[str] = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        for number, one in enumerate(came, 1):
            name = one.name if one.name and one.name not in names else f"{number} {one.name}".strip()
            names.add(name)
            if one.path is not None:
                out.write(one.path, name)
            else:
                out.writestr(name, one.data)
    return Received(b"", path, path.stat().st_size, f"{len(came)} files", ours=True)


async def _text(part: BodyPartReader) -> str:
    data = await part.read_chunk(MOST_FIELD_BYTES + 1)
    if len(data) > MOST_FIELD_BYTES or (not part.at_eof() and await part.read_chunk()):
        raise InvalidError("field", "A field before the file is too long.")
    return data.decode("utf-8", "replace")


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError("too_large", f"Files may have {limit} bytes together.", limit=limit)
