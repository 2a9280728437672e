"""HTTP of the export."""

import asyncio
import os
import tempfile

from aiohttp import web

from paceline_server.export.archive import write_archive
from paceline_server.keys import CONFIG, EXPORT, POOL
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import Raw, gives

CHUNK = 1 << 18


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
