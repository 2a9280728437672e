"""HTTP of the devices."""

from aiohttp import web
from msgspec import UNSET

from paceline_server.devices import store
from paceline_server.devices.model import Device
from paceline_server.devices.shapes import Claim, DeviceChange, DeviceShown, DevicesShown, ReleaseQuery
from paceline_server.errors import InvalidError
from paceline_server.keys import DEVICES
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, cut, page_response


@gives(200, DevicesShown)
async def list_devices(request: web.Request, query: PageQuery) -> web.Response:
    """List one's own wearables; never their keys."""
    identity, page = await require(request), asked(request, query)
    devices = cut(await request.app[DEVICES].list_for(identity.owner_id), _key, page)
    return page_response(request, page, "devices", devices, _shown, _key)


@gives(200, DeviceShown, tagged=True)
async def get_device(request: web.Request) -> web.Response:
    """A wearable of one's own; never its key."""
    identity = await require(request)
    device = await request.app[DEVICES].held(identity.owner_id, request.match_info["device_id"])
    return tagged_response(request, _shown(device), store.state_tag(device))


@gives(200, DeviceShown, tagged=True)
async def change_device(request: web.Request, body: DeviceChange) -> web.Response:
    """Name a wearable, or revoke its key.

    Of a revoked one nothing is taken and nobody can claim it; what it recorded stays.
    """
    identity = await require(request)
    device = await request.app[DEVICES].change(
        identity.owner_id,
        request.match_info["device_id"],
        name=None if body.name is UNSET else body.name,
        revoked=None if body.revoked is UNSET else body.revoked,
        condition=if_match(request),
    )
    return tagged_response(request, _shown(device), store.state_tag(device))


@gives(204)
async def release_device(request: web.Request, query: ReleaseQuery) -> web.Response:
    """Let go of a wearable, to pass it on; what it recorded stays one's own."""
    identity = await require(request)
    await request.app[DEVICES].release(identity.owner_id, request.match_info["device_id"], offer=query.offer)
    return web.Response(status=204)


@gives(201, DeviceShown, also={200: DeviceShown}, refuses=(409, 429))
async def claim_device(request: web.Request, body: Claim) -> web.Response:
    """Make a wearable one's own; 200 when it is already, with this key."""
    identity = await require(request)
    device_id = body.device_id.lower()
    if body.device_key is UNSET:
        fresh = await request.app[DEVICES].take_offered(identity.owner_id, device_id)
    else:
        fresh = await request.app[DEVICES].take(identity.owner_id, device_id, key_in(body.device_key))
    device = await request.app[DEVICES].owned(identity.owner_id, device_id)
    return json_response(_shown(device), 201 if fresh else 200)


def key_in(text: str) -> bytes:
    """Return a device key in hex digits, as a key file has it; InvalidError when it is none."""
    try:
        return bytes.fromhex(text.strip())
    except ValueError:
        raise InvalidError("device_key", "A device key is written in hex digits.", field="device_key") from None


def _key(device: Device) -> tuple[str]:
    return (device.device_id,)


def _shown(device: Device) -> dict[str, object]:
    return {
        "device_id": device.device_id,
        "name": device.name,
        "claimed_at": utc_text(device.claimed_at_s),
        "revoked": device.revoked_at_s is not None,
    }
