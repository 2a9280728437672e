"""HTTP of what should be on wearables."""

import hashlib

import msgspec
from aiohttp import web
from paceline_protocol.code_tables import BLOB_KINDS

from paceline_server.desired import store
from paceline_server.desired.model import DesiredBlob, DeviceStatus
from paceline_server.desired.service import LARGEST_BLOB
from paceline_server.desired.shapes import BlobRow, BlobRows, Heard, LastStatus, Plans, WristSettings
from paceline_server.desired.wrist_fields import plan_blob
from paceline_server.errors import InvalidError
from paceline_server.keys import CLOCK, DESIRED
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.bodies import read_bytes
from paceline_server.platform.etags import if_match, not_modified
from paceline_server.platform.openapi.contract import Raw, gives

_BLOB = Raw("application/octet-stream", "The blob as the wearable takes it, at most 1 MiB.")


@gives(200, BlobRows)
async def list_desired(request: web.Request) -> web.Response:
    """List what a wearable should hold."""
    identity = await require(request)
    blobs = await request.app[DESIRED].carried(identity.owner_id, request.match_info["device_id"])
    return json_response({"blobs": [_row(blob) for blob in blobs]})


@gives(200, _BLOB, tagged=True)
async def get_desired(request: web.Request) -> web.Response:
    """Fetch a blob; its ETag is its version."""
    identity = await require(request)
    match = request.match_info
    await request.app[DESIRED].carried(identity.owner_id, match["device_id"])
    blob = await request.app[DESIRED].blob(identity.owner_id, match["device_id"], match["kind"])
    tag = store.state_tag(blob)
    headers = {"Cache-Control": "no-store", "ETag": f'"{tag}"'}
    if not_modified(request, tag) is not None:
        return web.Response(status=304, headers=headers)
    return web.Response(body=blob.data, content_type="application/octet-stream", headers=headers)


@gives(200, BlobRow, sends=_BLOB, tagged=True)
async def put_desired(request: web.Request) -> web.Response:
    """Set a blob, checked as the wearable would; the same one again changes nothing."""
    identity = await require(request)
    match = request.match_info
    desired = request.app[DESIRED]
    await desired.carried(identity.owner_id, match["device_id"])  # who may not write here need not be listened to
    data = await read_bytes(request, LARGEST_BLOB)
    if not data:
        raise InvalidError("field", "The blob is empty; DELETE takes one back.", field="body")
    return await _want(request, match["kind"], data)


@gives(204, refuses=(412,))
async def delete_desired(request: web.Request) -> web.Response:
    """Push a blob no more; what the wearable holds stays there."""
    identity = await require(request)
    match = request.match_info
    await request.app[DESIRED].want(identity.owner_id, match["device_id"], match["kind"], b"", if_match(request))
    return web.Response(status=204)


@gives(200, BlobRow, tagged=True)
async def put_settings(request: web.Request, body: WristSettings) -> web.Response:
    """Set a wearable's settings by hand; the answer is the row of the blob.

    In it, what is not set is as the wearers' profiles and goals say.
    """
    identity, device_id = await require(request), request.match_info["device_id"]
    fields = msgspec.to_builtins(body)
    return _tagged(await request.app[DESIRED].set_settings(identity.owner_id, device_id, fields, if_match(request)))


@gives(200, BlobRow, tagged=True)
async def put_plan(request: web.Request, body: Plans) -> web.Response:
    """Set a wearable's plans; the answer is the row of the blob made of them."""
    return await _want(request, "plan", plan_blob(msgspec.to_builtins(body)))


@gives(204)
async def put_status(request: web.Request, body: Heard) -> web.Response:
    """Tell what a gateway heard from the wearable."""
    identity = await require(request)
    said = _said(body, request.app[CLOCK]())
    await request.app[DESIRED].heard(identity.owner_id, request.match_info["device_id"], said)
    return web.Response(status=204)


@gives(200, LastStatus)
async def get_status(request: web.Request) -> web.Response:
    """Tell what the wearable said last."""
    identity = await require(request)
    said = await request.app[DESIRED].status(identity.owner_id, request.match_info["device_id"])
    return json_response({"status": None if said is None else _status(said)})


async def _want(request: web.Request, kind: str, data: bytes) -> web.Response:
    identity, device_id = await require(request), request.match_info["device_id"]
    return _tagged(await request.app[DESIRED].want(identity.owner_id, device_id, kind, data, if_match(request)))


def _tagged(blob: DesiredBlob) -> web.Response:
    response = json_response(_row(blob))
    response.headers["ETag"] = f'"{store.state_tag(blob)}"'
    return response


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


def _said(heard: Heard, now_s: float) -> DeviceStatus:
    return DeviceStatus(
        heard_at_s=now_s,
        epoch=heard.epoch,
        end_position=heard.end,
        confirmed_position=heard.confirmed,
        battery_percent=heard.battery_percent,
        battery_millivolt=heard.battery_millivolt,
        recording=heard.recording,
        fix=heard.fix,
        user_slot=heard.user,
        firmware=heard.firmware,
        settings_version=heard.settings_version,
        plan_version=heard.plan_version,
        assistance_version=heard.assistance_version,
    )
