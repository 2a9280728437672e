"""HTTP of single workouts as files."""

import asyncio
from datetime import UTC, datetime

from aiohttp import web

from paceline_server.errors import UnprocessableError
from paceline_server.export.workout import write_workout
from paceline_server.formats.errors import FormatError
from paceline_server.keys import ACTIVITIES, POOL
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import Raw, gives

_FILE = Raw("application/octet-stream", "The file, named by day and sport.")


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
