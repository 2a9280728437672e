"""HTTP of the notifications."""

from aiohttp import web

from paceline_server.keys import NOTICES
from paceline_server.notifications.model import Notice
from paceline_server.notifications.shapes import Notices, NoticesQuery, NoticesRead
from paceline_server.platform.answers import utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.paging import asked, page_response


@gives(200, Notices)
async def list_notices(request: web.Request, query: NoticesQuery) -> web.Response:
    """What was told, the latest first."""
    owner_id, page = (await require(request)).owner_id, asked(request, query)
    found, unread = await request.app[NOTICES].page(owner_id, page, unread=query.unread)
    more = {"unread": unread}
    return page_response(request, page, "notifications", found, _fields, _key, more=more)


@gives(204)
async def post_read(request: web.Request, body: NoticesRead) -> web.Response:
    """Note that notifications were read."""
    identity = await require(request)
    await request.app[NOTICES].note_read(identity.owner_id, body.notification_ids)
    return web.Response(status=204)


@gives(204)
async def delete_notice(request: web.Request) -> web.Response:
    """Delete a notification.

    What it was about is not told again.
    """
    identity = await require(request)
    await request.app[NOTICES].remove(identity.owner_id, request.match_info["notification_id"])
    return web.Response(status=204)


def _fields(notice: Notice) -> dict[str, object]:
    return {
        "notification_id": notice.notice_id,
        "kind": notice.kind,
        "title": notice.title,
        "text": notice.text,
        "link": notice.link or None,
        "created_at": utc_text(notice.made_at_s),
        "read_at": None if notice.read_at_s is None else utc_text(notice.read_at_s),
    }


def _key(notice: Notice) -> tuple[float, str]:
    return notice.made_at_s, notice.notice_id
