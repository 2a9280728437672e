"""HTTP of the wearables' events."""

from aiohttp import web
from paceline_protocol.code_tables import ALERTS, BOOT_CAUSES

from paceline_server.device_events.model import ALERT, BOOT, DeviceEvent
from paceline_server.keys import DEVICE_EVENTS
from paceline_server.platform.auth import require
from paceline_server.platform.web import json_response, number_query, utc_text


async def list_events(request: web.Request) -> web.Response:
    """GET /devices/{device_id}/events?limit=50&offset=0 → what the wearable said of itself, the latest first."""
    identity = await require(request)
    limit = number_query(request, "limit", 50, 1, 200)
    offset = number_query(request, "offset", 0, 0, 1_000_000)
    device_id = request.match_info["device_id"]
    events, total = await request.app[DEVICE_EVENTS].latest(identity.owner_id, device_id, limit, offset)
    fields = [event_fields(event) for event in events]
    return json_response({"events": fields, "total": total, "limit": limit, "offset": offset})


def event_fields(event: DeviceEvent) -> dict[str, object]:
    """Return an event as the API says it."""
    fields: dict[str, object] = {
        "kind": event.kind,
        "at": utc_text(event.utc_s) if event.utc_s > 0 else None,
        "epoch": event.epoch,
        "position": event.position,
    }
    if event.kind == BOOT:
        return fields | {"cause": name_of(BOOT_CAUSES, event.code), "boot_count": event.value, "firmware": event.text}
    if event.kind == ALERT:
        return fields | {"alert": name_of(ALERTS, event.code), "value": event.value}
    return fields | {"traceback": event.text}


def name_of(names: tuple[str, ...], code: int) -> str:
    """Return the name of a code; a number that is not known is shown as one."""
    return names[code] if code < len(names) else str(code)
