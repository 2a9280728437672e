"""HTTP of the devices."""

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.keys import DEVICES
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response, read_json, text_field


async def list_devices(request: web.Request) -> web.Response:
    """GET /users/{user_id}/devices → one's own wearables; never their keys."""
    identity = await require(request)
    devices = await request.app[DEVICES].list_for(identity.owner_id)
    return json_response({"devices": [{"device_id": device.device_id} for device in devices]})


async def claim_device(request: web.Request) -> web.Response:
    """POST /devices {"device_id", "device_key"}: the wearable becomes one's own → 201, 200 when it is already."""
    identity = await require(request)
    body = await read_json(request)
    device_id = text_field(body, "device_id").lower()
    try:
        key = bytes.fromhex(text_field(body, "device_key"))
    except ValueError:
        raise InvalidError("device_key", "A device key is written in hex digits.", field="device_key") from None
    fresh = await request.app[DEVICES].take(identity.owner_id, device_id, key)
    return json_response({"device_id": device_id}, 201 if fresh else 200)
