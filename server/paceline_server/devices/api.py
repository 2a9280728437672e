"""HTTP of the devices."""

from aiohttp import web

from paceline_server.devices.shapes import Claim, DeviceShown, DevicesShown
from paceline_server.errors import InvalidError
from paceline_server.keys import DEVICES
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.web import json_response


@gives(200, DevicesShown)
async def list_devices(request: web.Request) -> web.Response:
    """List one's own wearables; never their keys."""
    identity = await require(request)
    devices = await request.app[DEVICES].list_for(identity.owner_id)
    return json_response({"devices": [{"device_id": device.device_id} for device in devices]})


@gives(201, DeviceShown, also={200: DeviceShown}, refuses=(409, 429))
async def claim_device(request: web.Request, body: Claim) -> web.Response:
    """Make a wearable one's own; 200 when it is already, with this key."""
    identity = await require(request)
    device_id = body.device_id.lower()
    try:
        key = bytes.fromhex(body.device_key)
    except ValueError:
        raise InvalidError("device_key", "A device key is written in hex digits.", field="device_key") from None
    fresh = await request.app[DEVICES].take(identity.owner_id, device_id, key)
    return json_response({"device_id": device_id}, 201 if fresh else 200)
