"""HTTP of what should be on wearables."""

import hashlib
from typing import Any

from aiohttp import web
from paceline_protocol.code_tables import BLOB_KINDS

from paceline_server.desired.model import DesiredBlob, DeviceStatus
from paceline_server.desired.service import LARGEST_BLOB
from paceline_server.desired.wrist_fields import plan_blob, settings_blob
from paceline_server.errors import InvalidError
from paceline_server.keys import CLOCK, DESIRED
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response, read_bytes, read_json, text_field, utc_text

_U8, _U16, _U32 = 0xFF, 0xFFFF, 0xFFFFFFFF


async def list_desired(request: web.Request) -> web.Response:
    """GET /devices/{device_id}/desired → {"blobs": [{"kind", "version", "size", "sha256"}]}."""
    identity = await require(request)
    blobs = await request.app[DESIRED].blobs(identity.owner_id, request.match_info["device_id"])
    return json_response({"blobs": [_row(blob) for blob in blobs]})


async def get_desired(request: web.Request) -> web.Response:
    """GET /devices/{device_id}/desired/{kind} → the blob's bytes."""
    identity = await require(request)
    match = request.match_info
    blob = await request.app[DESIRED].blob(identity.owner_id, match["device_id"], match["kind"])
    headers = {"Cache-Control": "no-store", "ETag": f'"{blob.version}"'}
    return web.Response(body=blob.data, content_type="application/octet-stream", headers=headers)


async def put_desired(request: web.Request) -> web.Response:
    """PUT /devices/{device_id}/desired/{kind} with a blob as the wearable takes it → its row of the list."""
    identity = await require(request)
    match = request.match_info
    desired = request.app[DESIRED]
    await desired.blobs(identity.owner_id, match["device_id"])  # who may not write here need not be listened to
    data = await read_bytes(request, LARGEST_BLOB)
    if not data:
        raise InvalidError("field", "The blob is empty; DELETE takes one back.", field="body")
    return json_response(_row(await desired.want(identity.owner_id, match["device_id"], match["kind"], data)))


async def delete_desired(request: web.Request) -> web.Response:
    """DELETE /devices/{device_id}/desired/{kind} → 204; what the wearable holds stays there."""
    identity = await require(request)
    match = request.match_info
    await request.app[DESIRED].want(identity.owner_id, match["device_id"], match["kind"], b"")
    return web.Response(status=204)


async def put_settings(request: web.Request) -> web.Response:
    """PUT /devices/{device_id}/settings with fields as docs/WRIST.md names them → the blob's row of the list."""
    identity = await require(request)
    data = settings_blob(await read_json(request))
    return json_response(
        _row(await request.app[DESIRED].want(identity.owner_id, request.match_info["device_id"], "settings", data))
    )


async def put_plan(request: web.Request) -> web.Response:
    """PUT /devices/{device_id}/plan with plans and their steps → the blob's row of the list."""
    identity = await require(request)
    data = plan_blob(await read_json(request))
    return json_response(
        _row(await request.app[DESIRED].want(identity.owner_id, request.match_info["device_id"], "plan", data))
    )


async def put_status(request: web.Request) -> web.Response:
    """PUT /devices/{device_id}/status: what a gateway heard from the wearable → 204."""
    identity = await require(request)
    said = _said(await read_json(request), request.app[CLOCK]())
    await request.app[DESIRED].heard(identity.owner_id, request.match_info["device_id"], said)
    return web.Response(status=204)


async def get_status(request: web.Request) -> web.Response:
    """GET /devices/{device_id}/status → what the wearable said last; null when no gateway has told."""
    identity = await require(request)
    said = await request.app[DESIRED].status(identity.owner_id, request.match_info["device_id"])
    return json_response({"status": None if said is None else _status(said)})


def _row(blob: DesiredBlob) -> dict[str, object]:
    return {
        "kind": BLOB_KINDS[blob.kind],
        "version": blob.version,
        "size": len(blob.data),
        "sha256": hashlib.sha256(blob.data).hexdigest(),
    }


def _status(said: DeviceStatus) -> dict[str, object]:
    return {
        "heard_at": utc_text(said.heard_at_s),
        "backlog_bytes": max(0, said.end_position - said.confirmed_position),
        "battery_percent": said.battery_percent if said.battery_millivolt else None,
        "battery_millivolt": said.battery_millivolt or None,
        "recording": ("no", "recording", "paused")[said.recording],
        "fix": said.fix,
        "user": said.user_slot,
        "firmware": said.firmware,
        "settings_version": said.settings_version,
        "plan_version": said.plan_version,
        "assistance_version": said.assistance_version,
    }


def _said(body: dict[str, Any], now_s: float) -> DeviceStatus:
    return DeviceStatus(
        heard_at_s=now_s,
        epoch=_number(body, "epoch", _U32),
        end_position=_number(body, "end", _U32),
        confirmed_position=_number(body, "confirmed", _U32),
        battery_percent=_number(body, "battery_percent", 100),
        battery_millivolt=_number(body, "battery_millivolt", _U16),
        recording=_number(body, "recording", 2),
        fix=_number(body, "fix", 3),
        user_slot=_number(body, "user", _U8),
        firmware=text_field(body, "firmware", 11),
        settings_version=_number(body, "settings_version", _U32),
        plan_version=_number(body, "plan_version", _U32),
        assistance_version=_number(body, "assistance_version", _U32),
    )


def _number(body: dict[str, Any], name: str, highest: int) -> int:
    value = body.get(name)
    if type(value) is not int or not 0 <= value <= highest:
        raise InvalidError("field", f"{name} must be a whole number from 0 to {highest}.", field=name)
    return value
