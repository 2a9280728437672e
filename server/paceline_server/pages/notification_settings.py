"""The page on which somebody chooses what to be told, and when."""

from contextlib import suppress

from aiohttp import web

from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.keys import ADDRESSES, NOTICES, PROFILES, USERS
from paceline_server.keys import PUSH as BROWSERS
from paceline_server.notifications.clock_times import minutes_of, time_of
from paceline_server.notifications.model import INBOX, KINDS, MAIL, PUSH, WRIST, Rules
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.words.dates import weekday_name
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

CHANNELS = {INBOX: N_("here"), MAIL: N_("by mail"), PUSH: N_("pushed"), WRIST: N_("on the wrist")}


async def show_settings(request: web.Request) -> web.Response:
    """GET /notifications/settings."""
    identity = await require(request)
    return await _page(request, await request.app[NOTICES].rules(identity.owner_id))


async def post_settings(request: web.Request) -> web.StreamResponse:
    """POST /notifications/settings: a tick for each kind and channel, times, numbers; {remove}: a browser."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    told = {name: str(value) for name, value in form.items()}
    try:
        if "remove" in told:
            with suppress(NotFoundError):  # it is gone already
                await request.app[BROWSERS].remove(identity.owner_id, told["remove"])
            return _back()
        before = await request.app[NOTICES].rules(identity.owner_id)
        await request.app[NOTICES].set_rules(identity.owner_id, rules_of(told, before))
    except InvalidError as error:
        rules = await request.app[NOTICES].rules(identity.owner_id)
        return await _page(request, rules, trouble=error.message, status=400)
    return _back()


def _back() -> web.Response:
    return web.Response(status=303, headers={"Location": "/notifications/settings", "Cache-Control": "no-store"})


def rules_of(told: dict[str, str], before: Rules) -> Rules:
    """Return what a form says, and of channels that it does not show what was; InvalidError for what cannot be."""
    asked = set(told.get("channels", f"{INBOX} {MAIL} {PUSH}").split())
    switches = {
        (kind, channel): f"{channel}-{kind}" in told if channel in asked else before.tells(kind, channel)
        for kind in KINDS
        for channel in CHANNELS
    }
    return Rules(
        _time(told, "quiet_from"),
        _time(told, "quiet_to"),
        _time(told, "reminder"),
        sum(1 << day for day in range(7) if f"weekday-{day}" in told),
        _time(told, "digest"),
        _number(told, "inactive_days", 365),
        _number(told, "unsynced_hours", 2000),
        switches,
    )


async def _page(request: web.Request, rules: Rules, *, trouble: str = "", status: int = 200) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    addresses = await request.app[ADDRESSES].get(identity.owner_id)
    wears = await request.app[NOTICES].wears(identity.owner_id)
    return render(
        "notification_settings.html",
        status=status,
        username=user.username,
        kinds={kind: _(said) for kind, said in KINDS.items()},
        channels={channel: _(said) for channel, said in CHANNELS.items() if channel != WRIST or wears},
        tells=rules.tells,
        rules=rules,
        times={
            "quiet_from": time_of(rules.quiet_from_min) or "",
            "quiet_to": time_of(rules.quiet_to_min) or "",
            "reminder": time_of(rules.reminder_min) or "",
            "digest": time_of(rules.digest_min) or "",
        },
        weekdays=[weekday_name(number) for number in range(7)],
        email=addresses.email,
        owner_id=identity.owner_id,
        time_zone=(await request.app[PROFILES].get(identity.owner_id)).time_zone or "UTC",
        browsers=await request.app[BROWSERS].every(identity.owner_id),
        trouble=trouble,
        form_key=form_key(request),
    )


def _time(told: dict[str, str], name: str) -> int | None:
    text = told.get(name, "").strip()[:5]
    try:
        return minutes_of(text) if text else None
    except ValueError as error:
        raise InvalidError("field", "Say a time as hours and minutes, such as 18:30.", field=name) from error


def _number(told: dict[str, str], name: str, most: int) -> int | None:
    text = told.get(name, "").strip()
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= most:
        raise InvalidError("field", f"Say a whole number from 1 to {most}, or nothing.", field=name)
    return number
