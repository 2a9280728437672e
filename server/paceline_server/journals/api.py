"""HTTP of the ingest."""

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.keys import CONFIG, JOURNALS
from paceline_server.platform.auth import require
from paceline_server.platform.web import flag_query, json_response, number_query, read_bytes

EPOCH_LIMIT = (1 << 32) - 1


async def put_journal(request: web.Request) -> web.Response:
    """PUT /devices/{device_id}/journal/{epoch}?position=N[&gap=true] → {"position": M}."""
    identity = await require(request)
    epoch = _epoch(request)
    if "position" not in request.query:
        raise InvalidError("query", "The query must say the position of the first byte.", field="position")
    position = number_query(request, "position", 0, 0, EPOCH_LIMIT)
    gap = flag_query(request, "gap")
    journals = request.app[JOURNALS]
    # Before the body is read: who may not write here need not be listened to.
    await journals.position(identity.owner_id, request.match_info["device_id"], epoch)
    data = await read_bytes(request, request.app[CONFIG].max_body_bytes)
    held = await journals.append(identity.owner_id, request.match_info["device_id"], epoch, position, data, gap=gap)
    return json_response({"position": held})


async def get_journal(request: web.Request) -> web.Response:
    """GET /devices/{device_id}/journal/{epoch} → {"position": M}."""
    identity = await require(request)
    held = await request.app[JOURNALS].position(identity.owner_id, request.match_info["device_id"], _epoch(request))
    return json_response({"position": held})


def _epoch(request: web.Request) -> int:
    text = request.match_info["epoch"]
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= EPOCH_LIMIT:
        raise InvalidError("epoch", "An epoch is a whole number from 1 to 4294967295.", field="epoch")
    return int(text)
