"""HTTP of the notifications."""

from aiohttp import web

from paceline_server.keys import NOTICES
from paceline_server.notifications import store
from paceline_server.notifications.clock_times import minutes_of, time_of
from paceline_server.notifications.model import CHANNELS, EVERY_DAY, KINDS, Notice, Rules
from paceline_server.notifications.shapes import NoticeRules, Notices, NoticesQuery, NoticesRead
from paceline_server.platform.answers import utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tagged_response
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


@gives(200, NoticeRules, tagged=True)
async def get_rules(request: web.Request) -> web.Response:
    """What one is told, and when."""
    identity = await require(request)
    found = await request.app[NOTICES].rules(identity.owner_id)
    return tagged_response(request, rules_fields(found), store.rules_tag(found))


@gives(200, NoticeRules, tagged=True)
async def put_rules(request: web.Request, body: NoticeRules) -> web.Response:
    """Choose what one is told, and when.

    What is left out is as usual.
    """
    identity = await require(request)
    found = await request.app[NOTICES].set_rules(identity.owner_id, _rules(body), if_match(request))
    return tagged_response(request, rules_fields(found), store.rules_tag(found))


def rules_fields(rules: Rules) -> dict[str, object]:
    """Return what somebody wants to be told as the API shows it, every kind among the switches."""
    quiet = (time_of(rules.quiet_from_min), time_of(rules.quiet_to_min))
    reminder = {
        "time": time_of(rules.reminder_min),
        "weekdays": [day for day in range(7) if rules.reminder_weekdays >> day & 1],
    }
    return {
        "quiet_hours": None if None in quiet else {"from": quiet[0], "to": quiet[1]},
        "reminder": None if rules.reminder_min is None else reminder,
        "digest_time": time_of(rules.digest_min),
        "inactive_days": rules.inactive_days,
        "unsynced_hours": rules.unsynced_h,
        "switches": [{"kind": kind} | {name: rules.tells(kind, name) for name in CHANNELS} for kind in KINDS],
    }


def _rules(body: NoticeRules) -> Rules:
    quiet, reminder = body.quiet_hours, body.reminder
    return Rules(
        None if quiet is None else minutes_of(quiet.from_time),
        None if quiet is None else minutes_of(quiet.to_time),
        None if reminder is None else minutes_of(reminder.time),
        EVERY_DAY if reminder is None else sum(1 << day for day in set(reminder.weekdays)),
        None if body.digest_time is None else minutes_of(body.digest_time),
        body.inactive_days,
        body.unsynced_hours,
        {(one.kind, name): getattr(one, name) for one in body.switches for name in CHANNELS},
    )


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
