"""HTTP of the gear."""

from datetime import date

from aiohttp import web
from msgspec import UNSET, structs

from paceline_server.gear.model import Usual
from paceline_server.gear.service import WornGear
from paceline_server.gear.shapes import (
    GearChange,
    GearChoice,
    GearList,
    GearOfActivity,
    GearShown,
    NewGear,
    UsualList,
    UsualShownList,
)
from paceline_server.keys import GEAR
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tag_of, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, cut, page_response


@gives(201, GearShown, also={200: GearShown}, refuses=(409,))
async def post_gear(request: web.Request, body: NewGear) -> web.Response:
    """Add shoes, a bike, a part of one, or something else.

    200 with what is there when one of this `client_id` was added before.
    """
    identity = await require(request)
    found, fresh = await request.app[GEAR].add(identity.owner_id, _given(body))
    return json_response(gear_fields(found), 201 if fresh else 200)


@gives(200, GearList)
async def list_gear(request: web.Request, query: PageQuery) -> web.Response:
    """The gear with what it did, and what is usual for sports."""
    owner_id, page = (await require(request)).owner_id, asked(request, query)
    found = cut(await request.app[GEAR].list_for(owner_id), _key, page)
    usual = [_usual(one) for one in await request.app[GEAR].usual(owner_id)]
    return page_response(request, page, "gear", found, gear_fields, _key, more={"usual": usual})


@gives(200, GearShown, tagged=True)
async def get_gear(request: web.Request) -> web.Response:
    """A piece of gear."""
    found = await request.app[GEAR].get((await require(request)).owner_id, request.match_info["gear_id"])
    return tagged_response(request, gear_fields(found), tag_of(found.gear))


@gives(200, GearShown, tagged=True)
async def patch_gear(request: web.Request, body: GearChange) -> web.Response:
    """Change a piece of gear.

    With another limit it can be told to be worn out anew.
    """
    identity = await require(request)
    gear_id = request.match_info["gear_id"]
    found = await request.app[GEAR].change(identity.owner_id, gear_id, _given(body), if_match(request))
    return tagged_response(request, gear_fields(found), tag_of(found.gear))


@gives(204, refuses=(412,))
async def delete_gear(request: web.Request) -> web.Response:
    """Delete a piece of gear.

    Activities that it was chosen for have it no more; to keep them, retire it.
    """
    identity = await require(request)
    await request.app[GEAR].remove(identity.owner_id, request.match_info["gear_id"], if_match(request))
    return web.Response(status=204)


@gives(200, UsualShownList, tagged=True)
async def get_usual(request: web.Request) -> web.Response:
    """Which gear is usual for which sport, and from which day on."""
    return await _usual_response(request, (await require(request)).owner_id)


@gives(200, UsualShownList, tagged=True)
async def put_usual(request: web.Request, body: UsualList) -> web.Response:
    """Say which gear is usual for which sport, from which day on; all of it at once."""
    owner_id = (await require(request)).owner_id
    rows = [Usual(one.sport, one.first_day.isoformat(), one.gear_id) for one in body.usual]
    await request.app[GEAR].set_usual(owner_id, rows, if_match(request))
    return await _usual_response(request, owner_id)


@gives(204)
async def post_choice(request: web.Request, body: GearChoice) -> web.Response:
    """Say which gear activities were done with; all of them or none are changed."""
    identity = await require(request)
    await request.app[GEAR].choose(identity.owner_id, body.activity_ids, body.gear_ids)
    return web.Response(status=204)


@gives(200, GearOfActivity)
async def get_choice(request: web.Request) -> web.Response:
    """The gear of an activity."""
    identity = await require(request)
    used, chosen = await request.app[GEAR].of_activity(identity.owner_id, request.match_info["activity_id"])
    return json_response({"gear_ids": used, "chosen": chosen})


def gear_fields(found: WornGear) -> dict[str, object]:
    """Return a piece of gear as the API shows it."""
    gear, wear = found.gear, found.wear
    worn = wear.worn(gear)
    return {
        "gear_id": gear.gear_id,
        "kind": gear.kind,
        "name": gear.name,
        "part_of": gear.part_of,
        "used_from": gear.used_from,
        "retired_on": gear.retired_on,
        "initial_distance_m": gear.initial_distance_m,
        "initial_time_s": gear.initial_time_s,
        "distance_limit_m": gear.distance_limit_m,
        "time_limit_s": gear.time_limit_s,
        "activities": wear.activities,
        "distance_m": round(wear.total_distance_m, 2),
        "time_s": round(wear.total_time_s, 3),
        "worn": None if worn is None else round(worn, 4),
        "warned_at": None if gear.warned_at_s is None else utc_text(gear.warned_at_s),
        "created_at": utc_text(gear.created_at_s),
    }


def _key(found: WornGear) -> tuple[float, str]:
    return found.gear.created_at_s, found.gear.gear_id


async def _usual_response(request: web.Request, owner_id: str) -> web.Response:
    usual = await request.app[GEAR].usual(owner_id)
    return tagged_response(request, {"usual": [_usual(one) for one in usual]}, tag_of(usual))


def _usual(one: Usual) -> dict[str, object]:
    return {"sport": one.sport, "from": one.from_day, "gear_id": one.gear_id}


def _given(body: NewGear | GearChange) -> dict[str, object]:
    given = {name: value for name, value in structs.asdict(body).items() if value is not UNSET}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
