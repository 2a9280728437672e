"""A wearable: its name, who wears it, how it is, what of it is here, and what it said of itself, the latest first."""

from dataclasses import dataclass
from datetime import tzinfo

from aiohttp import web
from paceline_protocol.code_tables import ALERTS, BLOB_KINDS, BOOT_CAUSES

from paceline_server.device_events.api import name_of
from paceline_server.device_events.model import ALERT, BOOT, CRASH, DeviceEvent
from paceline_server.devices.model import Device
from paceline_server.errors import RequestError
from paceline_server.households.model import SLOTS
from paceline_server.keys import DESIRED, DEVICE_EVENTS, DEVICES, HOUSEHOLDS, JOURNALS, USERS
from paceline_server.pages import local_time
from paceline_server.pages.journal_view import journal_views
from paceline_server.pages.render import render
from paceline_server.pages.wrist_view import wrist_users
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.paging import Page
from paceline_server.words.speech import gettext as _

SHOWN = 100
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class EventView:
    """One event in words; `traceback` is a crash's."""

    when: str
    machine_time: str
    title: str
    detail: str
    traceback: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot and whose it is; `offered`: it waits for that person to accept."""

    slot: int
    user_id: str
    username: str
    offered: bool


async def show_device(request: web.Request) -> web.Response:
    """GET /devices/{device_id}: one of one's own wearables."""
    return await _page(request)


async def post_device(request: web.Request) -> web.StreamResponse:
    """POST /devices/{device_id} {form_key, and name, or revoke, trust, release, offer, back, or slot with user_id}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    device_id, devices = request.match_info["device_id"], request.app[DEVICES]
    await devices.owned(identity.owner_id, device_id)
    try:
        if "release" in form or "offer" in form:
            await devices.release(identity.owner_id, device_id, offer="offer" in form)
            return _to("/devices")
        if "back" in form:
            await devices.take_offered(identity.owner_id, device_id)
        elif "slot" in form:
            person_id, slot = str(form.get("user_id", ""))[:36], str(form["slot"])
            if slot in map(str, range(SLOTS)):
                await request.app[HOUSEHOLDS].give(identity.owner_id, device_id, int(slot), person_id or None)
        elif "name" in form:
            name = str(form["name"])[:LONGEST_NAME]
            await devices.change(identity.owner_id, device_id, name=name, revoked=None)
        elif "revoke" in form or "trust" in form:
            await devices.change(identity.owner_id, device_id, name=None, revoked="revoke" in form)
    except RequestError as error:
        return await _page(request, trouble=error.message, status=STATUS[type(error)])
    return _to(f"/devices/{device_id}")


async def _page(request: web.Request, *, trouble: str = "", status: int = 200) -> web.Response:
    identity = await require(request)
    device_id = request.match_info["device_id"]
    device = await request.app[DEVICES].owned(identity.owner_id, device_id)
    events, total = await request.app[DEVICE_EVENTS].latest(identity.owner_id, device_id, Page(SHOWN))
    said = await request.app[DESIRED].status(identity.owner_id, device_id)
    wanted = {BLOB_KINDS[one.kind]: one for one in await request.app[DESIRED].blobs(identity.owner_id, device_id)}
    user = await request.app[USERS].get(identity.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    people, slots = await _slots(request, identity.owner_id, device_id)
    return render(
        "device.html",
        status=status,
        username=user.username,
        form_key=form_key(request),
        trouble=trouble,
        device_id=device_id,
        name=title_of(device),
        device=device,
        said=said,
        heard=local_time.day_and_time(local_time.local(said.heard_at_s, zone)) if said is not None else "",
        settings_version=wanted["settings"].version if "settings" in wanted else 0,
        on_wrist=wrist_users(wanted["settings"].data if "settings" in wanted else b""),
        composed=await request.app[DESIRED].is_composed(identity.owner_id, device_id),
        backlog_kib=max(0, said.end_position - said.confirmed_position) // 1024 if said is not None else 0,
        journals=journal_views(await request.app[JOURNALS].standing(identity.owner_id, device_id)),
        people=people,
        slots=slots,
        events=[_event_view(event, zone) for event in events[:SHOWN]],
        total=total,
    )


def title_of(device: Device) -> str:
    """Return what a wearable is called: its name, else its id."""
    return device.name or _("Wearable %(id)s", id=device.device_id)


async def _slots(request: web.Request, owner_id: str, device_id: str) -> tuple[list[tuple[str, str]], list[SlotView]]:
    """Return those of one's households, and every slot that is somebody's."""
    households, _worn = await request.app[HOUSEHOLDS].mine(owner_id)
    names = {person_id: name for one in households for person_id, name in one.people}
    terms = await request.app[HOUSEHOLDS].slots(owner_id, device_id)
    slots = [
        SlotView(term.slot, term.person_id, names.get(term.person_id, _("somebody")), not term.accepted)
        for term in terms
        if term.until_utc_s is None
    ]
    return [(person_id, name) for person_id, name in names.items() if person_id != owner_id], slots


def _to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})


def _event_view(event: DeviceEvent, zone: tzinfo) -> EventView:
    when = (
        local_time.short_day_and_time(local_time.local(event.utc_s, zone)) if event.utc_s > 0 else _("Time not known")
    )
    machine = local_time.machine_time(event.utc_s) if event.utc_s > 0 else ""
    title, detail = _words(event)
    return EventView(when, machine, title, detail, event.text if event.kind == CRASH else "")


def _words(event: DeviceEvent) -> tuple[str, str]:
    if event.kind == BOOT:
        cause = name_of(BOOT_CAUSES, event.code)
        told = _("%(cause)s, start number %(n)s, firmware %(version)s", cause=cause, n=event.value, version=event.text)
        return _("Started"), told
    if event.kind == ALERT:
        value = _("value %(value)s", value=event.value) if event.value else ""
        return _("Alert: %(name)s", name=name_of(ALERTS, event.code)), value
    return _("Crashed"), ""
