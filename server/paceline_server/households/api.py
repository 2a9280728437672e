"""HTTP of the households."""

from aiohttp import web

from paceline_server.errors import NotFoundError
from paceline_server.households.model import SLOTS
from paceline_server.households.shapes import (
    HouseholdCode,
    HouseholdInvitation,
    HouseholdName,
    HouseholdsShown,
    SlotAnswer,
    SlotGift,
    SlotsShown,
)
from paceline_server.keys import HOUSEHOLDS
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives


@gives(200, HouseholdsShown)
async def list_households(request: web.Request) -> web.Response:
    """List the households that one is in, and the slots of others' wearables that one wears or is offered."""
    identity = await require(request)
    return await _households(request, identity.owner_id)


@gives(200, HouseholdsShown)
async def put_household(request: web.Request, body: HouseholdName) -> web.Response:
    """Make one's household, or give it another name."""
    identity = await require(request)
    await request.app[HOUSEHOLDS].make(identity.owner_id, body.name)
    return await _households(request, identity.owner_id)


@gives(201, HouseholdInvitation, refuses=(404,))
async def invite(request: web.Request) -> web.Response:
    """Make an invitation into one's household, for one person within a week."""
    identity = await require(request)
    code, expires_at_s = await request.app[HOUSEHOLDS].invite(identity.owner_id)
    return json_response({"invitation": code, "expires_at": utc_text(expires_at_s)}, 201)


@gives(200, HouseholdsShown, refuses=(403,))
async def join(request: web.Request, body: HouseholdCode) -> web.Response:
    """Join a household by an invitation."""
    identity = await require(request)
    await request.app[HOUSEHOLDS].join(identity.owner_id, body.invitation)
    return await _households(request, identity.owner_id)


@gives(204, refuses=(404,))
async def part(request: web.Request) -> web.Response:
    """Take a member out of a household: the host does, or the member. Slots that they shared end."""
    identity = await require(request)
    match = request.match_info
    await request.app[HOUSEHOLDS].part(identity.owner_id, match["host_id"], match["member_id"])
    return web.Response(status=204)


@gives(200, SlotsShown)
async def list_slots(request: web.Request) -> web.Response:
    """List whose the slots of a wearable are and were."""
    identity = await require(request)
    return await _slots(request, identity.owner_id)


@gives(200, SlotsShown, refuses=(403,))
async def give_slot(request: web.Request, body: SlotGift) -> web.Response:
    """Offer a slot of one's wearable to somebody of one's household, or take it back.

    What the wearable records in it is that person's from the moment it is accepted, and nobody else sees it.
    """
    identity = await require(request)
    device_id = request.match_info["device_id"]
    await request.app[HOUSEHOLDS].give(identity.owner_id, device_id, _slot(request), body.user_id)
    return await _slots(request, identity.owner_id)


@gives(200, HouseholdsShown, refuses=(404,))
async def answer_slot(request: web.Request, body: SlotAnswer) -> web.Response:
    """Take a slot that is offered, or give it back."""
    identity = await require(request)
    device_id, slot = request.match_info["device_id"], _slot(request)
    await request.app[HOUSEHOLDS].answer(identity.owner_id, body.host_id, device_id, slot, accepted=body.accepted)
    return await _households(request, identity.owner_id)


async def _households(request: web.Request, owner_id: str) -> web.Response:
    households, worn = await request.app[HOUSEHOLDS].mine(owner_id)
    shown = [
        {
            "host_id": one.host_id,
            "name": one.name,
            "people": [{"user_id": user_id, "username": username} for user_id, username in one.people],
        }
        for one in households
    ]
    slots = [
        {
            "host_id": one.host_id,
            "device_id": one.device_id,
            "slot": one.slot,
            "since": utc_text(one.since_s),
            "accepted": one.accepted,
        }
        for one in worn
    ]
    return json_response({"households": shown, "slots": slots})


async def _slots(request: web.Request, owner_id: str) -> web.Response:
    terms = await request.app[HOUSEHOLDS].slots(owner_id, request.match_info["device_id"])
    shown = [
        {
            "slot": term.slot,
            "user_id": term.person_id,
            "from": utc_text(term.from_utc_s),
            "until": utc_text(term.until_utc_s) if term.until_utc_s is not None else None,
            "accepted": term.accepted,
        }
        for term in terms
    ]
    return json_response({"slots": shown})


def _slot(request: web.Request) -> int:
    text = request.match_info["slot"]
    if len(text) != 1 or not text.isascii() or not text.isdigit() or int(text) >= SLOTS:
        raise NotFoundError("not_found", f"A wearable has the slots 0 to {SLOTS - 1}.")
    return int(text)
