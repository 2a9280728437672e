"""HTTP of the ingest."""

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.journals.shapes import POSITION_LIMIT, Held, RangeQuery
from paceline_server.keys import CONFIG, JOURNALS
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import Raw, gives
from paceline_server.platform.web import json_response, read_bytes

_BYTES = Raw("application/octet-stream", "The journal's bytes from `position` on, at most 1 MiB.")


@gives(200, Held, sends=_BYTES, refuses=(409,))
async def put_journal(request: web.Request, query: RangeQuery) -> web.Response:
    """Append a range of a journal.

    What was held already is compared and dropped, so that a range can be sent again, by any gateway, in any order.
    """
    identity = await require(request)
    epoch = _epoch(request)
    journals = request.app[JOURNALS]
    # Before the body is read: who may not write here need not be listened to.
    await journals.position(identity.owner_id, request.match_info["device_id"], epoch)
    data = await read_bytes(request, request.app[CONFIG].max_body_bytes)
    held = await journals.append(
        identity.owner_id, request.match_info["device_id"], epoch, query.position, data, gap=query.gap
    )
    return json_response({"position": held})


@gives(200, Held, refuses=(400,))
async def get_journal(request: web.Request) -> web.Response:
    """Tell how much of a journal is held; 0 when nothing is."""
    identity = await require(request)
    held = await request.app[JOURNALS].position(identity.owner_id, request.match_info["device_id"], _epoch(request))
    return json_response({"position": held})


def _epoch(request: web.Request) -> int:
    text = request.match_info["epoch"]
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= POSITION_LIMIT:
        raise InvalidError("epoch", "An epoch is a whole number from 1 to 4294967295.", field="epoch")
    return int(text)
