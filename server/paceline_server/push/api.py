"""HTTP of web push."""

import asyncio

from aiohttp import web

from paceline_server.keys import PUSH
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.push.model import Subscription
from paceline_server.push.shapes import NewSubscription, Subscriptions, SubscriptionShown


@gives(200, Subscriptions)
async def list_subscriptions(request: web.Request) -> web.Response:
    """The browsers that get notifications."""
    owner_id, push = (await require(request)).owner_id, request.app[PUSH]
    rows = [_fields(one) for one in await push.every(owner_id)]
    key = await asyncio.to_thread(push.server_key)
    return json_response({"application_server_key": key, "subscriptions": rows})


@gives(201, SubscriptionShown, also={200: SubscriptionShown}, refuses=(409,))
async def post_subscription(request: web.Request, body: NewSubscription) -> web.Response:
    """Send notifications to a browser.

    200 when that browser was known; what it says now holds.
    """
    identity = await require(request)
    said = (body.name, body.endpoint, body.keys.p256dh, body.keys.auth)
    kept, fresh = await request.app[PUSH].add(identity.owner_id, *said)
    return json_response(_fields(kept), 201 if fresh else 200)


@gives(204)
async def delete_subscription(request: web.Request) -> web.Response:
    """Send nothing more to a browser."""
    identity = await require(request)
    await request.app[PUSH].remove(identity.owner_id, request.match_info["subscription_id"])
    return web.Response(status=204)


def _fields(kept: Subscription) -> dict[str, object]:
    return {"subscription_id": kept.subscription_id, "name": kept.name, "created_at": utc_text(kept.made_at_s)}
