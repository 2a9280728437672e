"""HTTP of archives."""

from aiohttp import web

from paceline_server.archives.model import ArchiveRead
from paceline_server.archives.shapes import ArchiveShown
from paceline_server.archives.streaming import archive_chunks
from paceline_server.keys import ARCHIVES, POOL
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import Raw, gives
from paceline_server.platform.recent import NOW

_ZIP = Raw("application/zip", "An archive that a Paceline server wrote.")


@gives(200, Raw("application/zip", "The archive (docs/ARCHIVE.md); its README.txt says where what is."), refuses=(429,))
async def download(request: web.Request) -> web.StreamResponse:
    """Download all of one's own data: a complete archive that a server reads again. Four an hour."""
    identity = await require(request)
    archives = request.app[ARCHIVES]
    await archives.may_write(identity.owner_id)
    response = web.StreamResponse(headers={"Cache-Control": "no-store", "Content-Type": "application/zip"})
    response.headers["Content-Disposition"] = 'attachment; filename="paceline.zip"'
    chunks = archive_chunks(request.app[POOL], archives.places, identity.owner_id, request.app[NOW]())
    try:
        async for chunk in chunks:
            if not response.prepared:
                await response.prepare(request)
            await response.write(chunk)
    except Exception:
        if response.prepared and request.transport is not None:
            request.transport.abort()  # half an archive must not look like a whole one
        raise
    await response.write_eof()
    return response


@gives(202, ArchiveShown, sends=_ZIP, refuses=(400, 409, 413, 429))
async def post_archive(request: web.Request) -> web.Response:
    """Send an archive to have it read into this account, which must be new or empty.

    It is looked at whole first, and refused whole: `GET` says how far it is. The same archive again changes nothing.
    """
    identity = await require(request)
    found = await request.app[ARCHIVES].take(identity.owner_id, request.content.iter_any())
    return json_response(shown(found), 202)


@gives(200, ArchiveShown, refuses=(404,))
async def get_archive(request: web.Request) -> web.Response:
    """Show how far the archive is that was sent last."""
    identity = await require(request)
    return json_response(shown(await request.app[ARCHIVES].get(identity.owner_id)))


def shown(found: ArchiveRead) -> dict[str, object]:
    """Return an archive as the API shows it."""
    return {
        "state": found.state,
        "sent_at": utc_text(found.sent_at_s),
        "reason": found.reason,
        "total_rows": found.total_rows,
        "taken_rows": found.taken_rows,
        "new_ids": found.renewed,
    }
