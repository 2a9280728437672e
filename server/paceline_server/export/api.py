"""HTTP of the export."""

import asyncio
import os
import tempfile
from datetime import UTC, datetime

from aiohttp import web

from paceline_server.errors import UnprocessableError
from paceline_server.export.archive import write_archive
from paceline_server.export.workout import write_workout
from paceline_server.formats.errors import FormatError
from paceline_server.keys import ACTIVITIES, CONFIG, EXPORT, POOL
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import Raw, gives

CHUNK = 1 << 18
_FILE = Raw("application/octet-stream", "The file, named by day and sport.")


@gives(200, Raw("application/zip", "The archive; its README.txt says where what is."), refuses=(429,))
async def download(request: web.Request) -> web.StreamResponse:
    """Download all of one's own data: rows as JSON, telemetry as CSV, journals byte for byte. Four an hour."""
    identity = await require(request)
    parts = request.app[EXPORT]
    await parts.limit.take(identity.owner_id)
    loop, pool = asyncio.get_running_loop(), request.app[POOL]
    with tempfile.TemporaryFile(dir=request.app[CONFIG].data, prefix=".export-") as file:
        write = (write_archive, file, parts.database, parts.blobs, parts.files, identity.owner_id)
        await loop.run_in_executor(pool, *write)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        response = web.StreamResponse(headers={"Cache-Control": "no-store", "Content-Type": "application/zip"})
        response.headers["Content-Disposition"] = 'attachment; filename="paceline.zip"'
        response.content_length = size
        await response.prepare(request)
        while data := await loop.run_in_executor(pool, file.read, CHUNK):
            await response.write(data)
    await response.write_eof()
    return response


@gives(200, _FILE, refuses=(422, 503))
async def download_workout(request: web.Request) -> web.Response:
    """Download an activity as FIT, GPX, TCX, CSV or GeoJSON: as it is shown, edits and crop included.

    422 where the format cannot hold it: GPX needs positions.
    """
    identity = await require(request)
    form, activity_id = request.match_info["format"], request.match_info["activity_id"]
    activity = await request.app[ACTIVITIES].get(identity.owner_id, activity_id)
    columns = await request.app[ACTIVITIES].streams(identity.owner_id, activity_id)
    loop = asyncio.get_running_loop()
    try:
        data = await loop.run_in_executor(request.app[POOL], write_workout, activity, columns, form)
    except FormatError as error:
        raise UnprocessableError("not_writable", f"{error.what}.") from error
    day = datetime.fromtimestamp(activity.start_utc_s, UTC).strftime("%Y-%m-%d")
    headers = {
        "Content-Disposition": f'attachment; filename="{day}-{activity.sport}.{form}"',
        "Cache-Control": "no-store",
    }
    return web.Response(body=data, content_type="application/octet-stream", headers=headers)
