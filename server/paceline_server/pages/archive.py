"""All of one's data as a file, by a person: downloaded, or read into a new account."""

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, web

from paceline_server.archives.model import REFUSED, SENT, TAKEN, TAKING, ArchiveRead
from paceline_server.errors import ConflictError, InvalidError, RequestError, TooLargeError, TooManyError
from paceline_server.keys import ARCHIVES, USERS
from paceline_server.pages import local_time
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

CHUNK = 1 << 18
_MOST_KEY_BYTES = 1000
WORDS = {
    SENT: N_("It is here, and looked at now: nothing of it is taken before all of it is found whole."),
    TAKING: N_("It is whole, and taken now."),
    TAKEN: N_("All that is in it is in your account now."),
    REFUSED: N_("It was not taken, and nothing of it is in your account."),
}
NOT_WHOLE = N_("It was not taken whole.")


async def show_archive(request: web.Request) -> web.Response:
    """GET /account/archive."""
    return await _page(request, None)


async def post_archive(request: web.Request) -> web.StreamResponse:
    """POST /account/archive {form_key, file}, the file last, as multipart/form-data."""
    identity = await require(request)
    try:
        await request.app[ARCHIVES].take(identity.owner_id, await _file(request))
    except (ConflictError, InvalidError, TooLargeError, TooManyError) as error:
        return await _page(request, error)
    return web.Response(status=303, headers={"Location": "/account/archive", "Cache-Control": "no-store"})


async def _file(request: web.Request) -> AsyncIterator[bytes]:
    """Return the file's pieces; the key is looked at before any of them."""
    no_file = InvalidError("no_file", "Choose the file first.", field="file")
    if request.content_type != "multipart/form-data":
        refuse_other_forms(request, await request.post())
        raise no_file
    try:
        reader = await request.multipart()
        key = await reader.next()
        said = b""
        if isinstance(key, BodyPartReader) and key.name == "form_key":
            said = await key.read_chunk(_MOST_KEY_BYTES)
        given = said.decode("ascii", "replace")
        refuse_other_forms(request, {"form_key": given})
        part = await reader.next()
    except (ValueError, AssertionError) as error:
        raise InvalidError("malformed", "The form cannot be read.") from error
    if not isinstance(part, BodyPartReader) or part.name != "file" or not part.filename:
        raise no_file
    return _pieces(part)


async def _pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while piece := await part.read_chunk(CHUNK):
        yield piece


async def _page(request: web.Request, error: RequestError | None) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    last = await request.app[ARCHIVES].last(identity.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    return render(
        "archive.html",
        status=200 if error is None else 429 if isinstance(error, TooManyError) else 400,
        username=user.username,
        owner_id=user.owner_id,
        form_key=form_key(request),
        trouble=error.message if error is not None else None,
        last=last,
        words=_words(last) if last is not None else "",
        sent=local_time.day_and_time(local_time.local(last.sent_at_s, zone)) if last is not None else "",
    )


def _words(last: ArchiveRead) -> str:
    partly = last.state == REFUSED and last.taken_rows > 0 and not last.whole
    return _(NOT_WHOLE if partly else WORDS[last.state])
