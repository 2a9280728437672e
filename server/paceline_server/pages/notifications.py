"""The page of notifications."""

from dataclasses import dataclass
from datetime import tzinfo

from aiohttp import web

from paceline_server.errors import NotFoundError
from paceline_server.keys import NOTICES, USERS
from paceline_server.notifications.model import Notice
from paceline_server.pages import local_time
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.ids import parse_id
from paceline_server.platform.paging import Page
from paceline_server.platform.queries import number_query

PAGE = 30
_HERE = "/notifications"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notification on the page; `opens` is whether there is a page behind it."""

    notice_id: str
    title: str
    text: str
    opens: bool
    unread: bool
    when: str
    machine_time: str


async def show_notifications(request: web.Request) -> web.Response:
    """GET /notifications?page=1: what was told, the latest first."""
    identity = await require(request)
    number = number_query(request, "page", 1, 1, 100_000)
    user = await request.app[USERS].get(identity.owner_id)
    found, unread = await request.app[NOTICES].page(identity.owner_id, Page(PAGE, (number - 1) * PAGE))
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    return render(
        "notifications.html",
        username=user.username,
        notices=[notice_view(notice, zone) for notice in found[:PAGE]],
        any_unread=unread > 0,
        page=number,
        more=len(found) > PAGE,
        form_key=form_key(request),
    )


async def post_notifications(request: web.Request) -> web.StreamResponse:
    """POST /notifications {do: open | delete | read_all, notification_id, form_key}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    notices, goes_to = request.app[NOTICES], _HERE
    if form.get("do") == "read_all":
        await notices.note_read(identity.owner_id)
    else:
        notice_id = str(form.get("notification_id", ""))
        try:
            parse_id(notice_id)
            if form.get("do") == "delete":
                await notices.remove(identity.owner_id, notice_id)
            else:
                goes_to = (await notices.open(identity.owner_id, notice_id)).link or _HERE
        except NotFoundError:
            pass  # it is gone already
    return web.Response(status=303, headers={"Location": goes_to, "Cache-Control": "no-store"})


def notice_view(notice: Notice, zone: tzinfo) -> NoticeView:
    """Return a notice as the page shows it."""
    return NoticeView(
        notice.notice_id,
        notice.title,
        notice.text,
        bool(notice.link),
        notice.read_at_s is None,
        local_time.short_day_and_time(local_time.local(notice.made_at_s, zone)),
        local_time.machine_time(notice.made_at_s),
    )
