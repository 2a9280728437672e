"""One's wearables, one's household, and what others offer of theirs."""

from aiohttp import web

from paceline_server.errors import RequestError
from paceline_server.households.model import SLOTS
from paceline_server.keys import CLOCK, DESIRED, DEVICES, HOUSEHOLDS, USERS
from paceline_server.pages import local_time
from paceline_server.pages.devices import LONGEST_NAME, title_of
from paceline_server.pages.home_view import WearableView, wearable_view
from paceline_server.pages.render import render
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.words.dates import short_day

_LONGEST_CODE = 100


async def show_devices(request: web.Request) -> web.Response:
    """GET /devices."""
    return await _page(request)


async def post_household(request: web.Request) -> web.StreamResponse:
    """POST /devices {form_key, and name, invite, invitation, member and host, or slot, host and device}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    said = {name: str(value)[:_LONGEST_CODE] for name, value in form.items()}
    households = request.app[HOUSEHOLDS]
    try:
        if "invite" in said:
            code, _ = await households.invite(identity.owner_id)
            return await _page(request, code=code)
        if "name" in said:
            await households.make(identity.owner_id, said["name"][:LONGEST_NAME])
        elif "invitation" in said:
            await households.join(identity.owner_id, said["invitation"])
        elif "member" in said:
            await households.part(identity.owner_id, said.get("host", ""), said["member"])
        elif said.get("slot", "") in map(str, range(SLOTS)):
            place = (said.get("host", ""), said.get("device", ""), int(said["slot"]))
            await households.answer(identity.owner_id, *place, accepted="accept" in said)
    except RequestError as error:
        return await _page(request, trouble=error.message, status=STATUS[type(error)])
    return web.Response(status=303, headers={"Location": "/devices", "Cache-Control": "no-store"})


async def _page(request: web.Request, *, code: str = "", trouble: str = "", status: int = 200) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    now_s = request.app[CLOCK]()
    rows: list[tuple[WearableView, bool]] = []
    for device in await request.app[DEVICES].list_for(identity.owner_id):
        said = await request.app[DESIRED].status(identity.owner_id, device.device_id)
        rows.append((wearable_view(device, said, zone), bool(device.revoked_at_s)))
    households, worn = await request.app[HOUSEHOLDS].mine(identity.owner_id)
    return render(
        "devices.html",
        status=status,
        username=user.username,
        owner_id=user.owner_id,
        form_key=form_key(request),
        devices=rows,
        passed_on=[
            (device.device_id, title_of(device), short_day(local_time.local(until_s, zone)), until_s > now_s)
            for device, until_s in await request.app[DEVICES].passed_on(identity.owner_id)
        ],
        households=households,
        names={person_id: name for one in households for person_id, name in one.people},
        mine=next((one for one in households if one.host_id == user.owner_id), None),
        worn=worn,
        code=code,
        trouble=trouble,
    )
