"""HTTP of the wearables' events."""

from aiohttp import web
from paceline_protocol.code_tables import ALERTS, BOOT_CAUSES

from paceline_server.device_events.model import ALERT, BOOT, DeviceEvent
from paceline_server.device_events.shapes import DeviceEvents
from paceline_server.keys import DEVICE_EVENTS
from paceline_server.platform.answers import utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, page_response


@gives(200, DeviceEvents)
async def list_events(request: web.Request, query: PageQuery) -> web.Response:
    """List what a wearable said of itself in its journals, the latest first."""
    identity = await require(request)
    device_id = request.match_info["device_id"]
    page = asked(request, query)
    events, total = await request.app[DEVICE_EVENTS].latest(identity.owner_id, device_id, page)
    return page_response(
        request, page, "events", events, event_fields, lambda one: (one.utc_s, one.epoch, one.position), total
    )


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
