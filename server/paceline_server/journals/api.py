"""HTTP of the ingest."""

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.journals.missing import Range
from paceline_server.journals.model import JournalStanding
from paceline_server.journals.shapes import POSITION_LIMIT, Held, JournalsShown, RangeQuery, Standing
from paceline_server.keys import CONFIG, JOURNALS
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.bodies import read_bytes
from paceline_server.platform.openapi.contract import Raw, gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, cut, page_response

MOST_WANTED = 100
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
    await journals.may_bring(identity.owner_id, request.match_info["device_id"])
    data = await read_bytes(request, request.app[CONFIG].max_body_bytes)
    held = await journals.append(
        identity.owner_id, request.match_info["device_id"], epoch, query.position, data, gap=query.gap
    )
    return json_response({"position": held})


@gives(200, Standing, refuses=(400,))
async def get_journal(request: web.Request) -> web.Response:
    """Tell how much of a journal is held, and which bytes before that are asked for.

    Missing is what no gateway brought, and what is not as the wearable wrote it: other bytes for it are taken.
    """
    identity = await require(request)
    journals, device_id, epoch = request.app[JOURNALS], request.match_info["device_id"], _epoch(request)
    held = await journals.position(identity.owner_id, device_id, epoch)
    wanted = await journals.wanted(identity.owner_id, device_id, epoch)
    return json_response({"position": held, "missing": [_part(one) for one in wanted[:MOST_WANTED]]})


@gives(200, JournalsShown)
async def list_journals(request: web.Request, query: PageQuery) -> web.Response:
    """List a wearable's journals: what is held of each, what is missing, and what is in quarantine."""
    identity, page = await require(request), asked(request, query)
    found = cut(await request.app[JOURNALS].standing(identity.owner_id, request.match_info["device_id"]), _key, page)
    return page_response(request, page, "journals", found, _shown, _key)


def _key(one: JournalStanding) -> tuple[float, int]:
    return -one.journal.updated_at_s, one.journal.ref.epoch


def _shown(one: JournalStanding) -> dict[str, object]:
    suspects = [
        _part((part.from_position, part.to_position)) | {"reason": part.reason, "found_at": utc_text(part.found_at_s)}
        for part in one.quarantined
    ]
    held = _part((one.journal.start_position, one.journal.held_position))
    gaps = [_part(gap) for gap in one.gaps]
    return {"epoch": one.journal.ref.epoch} | held | {"gaps": gaps, "quarantine": suspects}


def _part(part: Range) -> dict[str, object]:
    return {"from": part[0], "to": part[1]}


def _epoch(request: web.Request) -> int:
    text = request.match_info["epoch"]
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= POSITION_LIMIT:
        raise InvalidError("epoch", "An epoch is a whole number from 1 to 4294967295.", field="epoch")
    return int(text)
