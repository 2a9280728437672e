"""HTTP of the devices."""

from aiohttp import web

from paceline_server.keys import DEVICES
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response


async def list_devices(request: web.Request) -> web.Response:
    """GET /users/{user_id}/devices → one's own wearables; never their keys."""
    identity = await require(request)
    devices = await request.app[DEVICES].list_for(identity.owner_id)
    return json_response({"devices": [{"device_id": device.device_id} for device in devices]})
