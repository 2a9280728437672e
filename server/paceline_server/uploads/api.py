"""HTTP of what programs send."""

from aiohttp import web

from paceline_server.keys import UPLOADS
from paceline_server.platform.answers import json_response
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.uploads.service import Taken
from paceline_server.uploads.shapes import End, MorePoints, NewActivity, NewRecording, Reached, Saved

BODY_LIMIT = 4 << 20


@gives(201, Saved, also={200: Saved}, refuses=(409,), at_most=BODY_LIMIT)
async def post_activity(request: web.Request, body: NewActivity) -> web.Response:
    """Save a workout, whole.

    With `activity_id` or `client_id` it can be sent again: 200 when it is there already.
    """
    identity = await require(request)
    return _saved(await request.app[UPLOADS].take(identity.owner_id, body), "saved")


@gives(201, Saved, also={200: Saved}, refuses=(409,))
async def start_activity(request: web.Request, body: NewRecording) -> web.Response:
    """Begin a workout whose points follow."""
    identity = await require(request)
    return _saved(await request.app[UPLOADS].start(identity.owner_id, body), "live")


@gives(200, Reached, refuses=(409,), at_most=BODY_LIMIT)
async def add_points(request: web.Request, body: MorePoints) -> Reached:
    """Send points of a workout under way, also again, also late."""
    identity = await require(request)
    return Reached(await request.app[UPLOADS].add(identity.owner_id, request.match_info["activity_id"], body))


@gives(200, Saved, refuses=(409,))
async def finish_activity(request: web.Request, body: End) -> web.Response:
    """End a workout."""
    identity = await require(request)
    return _saved(
        await request.app[UPLOADS].finish(identity.owner_id, request.match_info["activity_id"], body), "saved"
    )


def _saved(taken: Taken, status: str) -> web.Response:
    said = {"activity_id": taken.activity_id, "status": "deleted" if taken.deleted else status}
    return json_response(said, 201 if taken.made else 200)
