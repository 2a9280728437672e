"""HTTP of the imports."""

from aiohttp import web

from paceline_server.analysis.same_workout import Same
from paceline_server.formats.containers import shown
from paceline_server.imports.model import Beside, Found, ImportFile
from paceline_server.imports.receiving import receive
from paceline_server.imports.service import BatchNow
from paceline_server.imports.shapes import (
    BatchesQuery,
    BatchesShown,
    BatchShown,
    BatchWhole,
    Chosen,
    FilesQuery,
    ImportQuery,
)
from paceline_server.keys import CONFIG, IMPORTS
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import Raw, gives

_FILE = Raw("application/octet-stream", "A FIT, GPX, TCX or KML file or a zip of them; or multipart/form-data, `file`.")
_ORIGINAL = Raw("application/octet-stream", "The file, byte for byte.")
AT_ONCE = {None: None, "now": True, "look": False}


@gives(202, BatchWhole, sends=_FILE, refuses=(400, 413, 415, 429, 503))
async def post_import(request: web.Request, query: ImportQuery) -> web.Response:
    """Send a file, or a zip of files.

    A single file is imported at once; of a zip it is said what is in it, and its owner confirms. `mode` says otherwise.
    """
    identity = await require(request)
    config = request.app[CONFIG]
    async with receive(request, config.data, config.max_import_bytes) as found:
        name = shown(query.name) if query.name else found.name or "file"
        batch = await request.app[IMPORTS].take(identity.owner_id, name, found, at_once=AT_ONCE[query.mode])
    return json_response(whole(batch), 202)


@gives(202, BatchWhole, sends=_FILE, refuses=(400, 413, 415, 429, 503))
async def put_file(request: web.Request) -> web.Response:
    """Send a file under its name, as `curl -T` and other programs do that know a URL only."""
    identity = await require(request)
    config = request.app[CONFIG]
    async with receive(request, config.data, config.max_import_bytes) as found:
        name = shown(request.match_info["file_name"])
        batch = await request.app[IMPORTS].take(identity.owner_id, name, found, at_once=None)
    return json_response(whole(batch), 202)


@gives(200, BatchesShown)
async def list_imports(request: web.Request, query: BatchesQuery) -> web.Response:
    """List one's imports, the latest first."""
    identity = await require(request)
    found = await request.app[IMPORTS].latest(identity.owner_id, query.limit, query.offset)
    return json_response({"imports": [summary(one) for one in found]})


@gives(200, BatchWhole)
async def get_import(request: web.Request, query: FilesQuery) -> web.Response:
    """Show an import: how far it is, and files of it in the order in which they came."""
    identity = await require(request)
    batch_id = request.match_info["batch_id"]
    return json_response(whole(await request.app[IMPORTS].get(identity.owner_id, batch_id, query.after, query.limit)))


@gives(202, BatchShown, refuses=(409,), at_most=1 << 20)
async def confirm(request: web.Request, body: Chosen) -> web.Response:
    """Import files of a batch: those that are new, or those that are named."""
    identity = await require(request)
    found = await request.app[IMPORTS].confirm(identity.owner_id, request.match_info["batch_id"], body.files)
    return json_response(summary(found), 202)


@gives(202, BatchShown, refuses=(409,))
async def undo(request: web.Request) -> web.Response:
    """Take a whole import back; activities that were edited since stay, and their files say so."""
    identity = await require(request)
    found = await request.app[IMPORTS].undo(identity.owner_id, request.match_info["batch_id"])
    return json_response(summary(found), 202)


@gives(200, _ORIGINAL, refuses=(409, 503))
async def get_original(request: web.Request) -> web.Response:
    """Give back the file that an activity was made of; 409 where it was recorded otherwise."""
    identity = await require(request)
    sha256, data = await request.app[IMPORTS].original(identity.owner_id, request.match_info["activity_id"])
    headers = {"Content-Disposition": f'attachment; filename="{sha256[:16]}"', "Cache-Control": "no-store"}
    return web.Response(body=data, content_type="application/octet-stream", headers=headers)


def summary(found: BatchNow) -> dict[str, object]:
    """Return a batch as the API shows it in a list."""
    batch = found.batch
    return {
        "batch_id": batch.batch_id,
        "name": batch.name,
        "size_bytes": batch.size_bytes,
        "status": batch.state,
        "reason": batch.reason,
        "total_files": batch.total_files,
        "read_files": batch.read_files,
        "counts": found.counts,
        "made_at": utc_text(batch.made_at_s),
        "waits_until": utc_text(found.waits_until_s) if found.waits_until_s is not None else None,
    }


def whole(found: BatchNow) -> dict[str, object]:
    """Return a batch with the files that were asked for."""
    return summary(found) | {"files": [_file(one) for one in found.files]}


def _file(file: ImportFile) -> dict[str, object]:
    return {
        "number": file.number,
        "name": file.name,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "status": file.state,
        "reason": file.reason,
        "warnings": list(file.warnings),
        "recordings": [_recording(one) for one in file.recordings],
    }


def _beside(one: Beside) -> dict[str, object]:
    number = int(one.of[1:]) if one.of.startswith("#") else None
    return {
        "same": str(one.same),
        "activity_id": one.of if number is None else None,
        "file": number,
        "deleted_at": utc_text(one.deleted_at_s) if one.deleted_at_s is not None else None,
        "reasons": list(one.reasons),
    }


def _recording(found: Found) -> dict[str, object]:
    told = [one for one in found.beside if one.same is not Same.NO]
    return {
        "type": found.sport,
        "start_time": utc_text(found.start_utc_s),
        "duration_s": found.duration_s,
        "distance_m": found.distance_m,
        "points": found.points,
        "activity_id": found.activity_id,
        "overlaps": [one.of for one in told if one.deleted_at_s is None and not one.of.startswith("#")],
        "beside": [_beside(one) for one in told],
    }
