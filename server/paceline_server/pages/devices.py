"""A wearable: what it said of itself, the latest first."""

from dataclasses import dataclass
from datetime import tzinfo

from aiohttp import web
from paceline_protocol.code_tables import ALERTS, BOOT_CAUSES

from paceline_server.device_events.api import name_of
from paceline_server.device_events.model import ALERT, BOOT, CRASH, DeviceEvent
from paceline_server.keys import DESIRED, DEVICE_EVENTS, USERS
from paceline_server.pages import local_time
from paceline_server.pages.render import render
from paceline_server.platform.auth import require
from paceline_server.platform.paging import Page

SHOWN = 100


@dataclass(frozen=True, slots=True)
class EventView:
    """One event in words; `traceback` is a crash's."""

    when: str
    machine_time: str
    title: str
    detail: str
    traceback: str


async def show_device(request: web.Request) -> web.Response:
    """GET /devices/{device_id}: one of one's own wearables."""
    identity = await require(request)
    device_id = request.match_info["device_id"]
    events, total = await request.app[DEVICE_EVENTS].latest(identity.owner_id, device_id, Page(SHOWN))
    said = await request.app[DESIRED].status(identity.owner_id, device_id)
    user = await request.app[USERS].get(identity.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    heard = local_time.day_and_time(local_time.local(said.heard_at_s, zone)) if said is not None else ""
    views = [_event_view(event, zone) for event in events[:SHOWN]]
    parts = {"device_id": device_id, "said": said, "heard": heard, "events": views, "total": total}
    return render("device.html", username=user.username, **parts)


def _event_view(event: DeviceEvent, zone: tzinfo) -> EventView:
    when = local_time.short_day_and_time(local_time.local(event.utc_s, zone)) if event.utc_s > 0 else "Time not known"
    machine = local_time.machine_time(event.utc_s) if event.utc_s > 0 else ""
    title, detail = _words(event)
    return EventView(when, machine, title, detail, event.text if event.kind == CRASH else "")


def _words(event: DeviceEvent) -> tuple[str, str]:
    if event.kind == BOOT:
        return "Started", f"{name_of(BOOT_CAUSES, event.code)}, start number {event.value}, firmware {event.text}"
    if event.kind == ALERT:
        return f"Alert: {name_of(ALERTS, event.code)}", f"value {event.value}" if event.value else ""
    return "Crashed", ""
