"""The list of activities: narrowed by a form, and several changed at once by ticks."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urlencode

import orjson
from aiohttp import web
from paceline_protocol.code_tables import SPORTS

from paceline_server.activities.shapes import ActivityEdit
from paceline_server.activity_list.filters import Wanted
from paceline_server.errors import NotFoundError, RequestError
from paceline_server.keys import ACTIVITIES, ACTIVITY_LISTS, CLOCK, EDITOR, GEAR, USERS
from paceline_server.pages import local_time
from paceline_server.pages.activities import VISIBILITY_WORDS
from paceline_server.pages.cards import card_of
from paceline_server.pages.render import render
from paceline_server.platform.answers import STATUS
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.ids import parse_id
from paceline_server.platform.openapi.taking import body_of
from paceline_server.platform.paging import Page
from paceline_server.platform.queries import number_query
from paceline_server.words.retold import retold
from paceline_server.words.speech import gettext as _
from paceline_server.words.speech import ngettext

PAGE = 24
MOST_AT_ONCE = 100
MOST_WORDS = 100
_MONTH = re.compile(r"(19[7-9][0-9]|2[0-9]{3})-(0[1-9]|1[0-2])")
_TYPE = re.compile(r"[a-z][a-z0-9_ -]{0,31}")
USUAL_GEAR, NO_GEAR = "usual", "none"


@dataclass(frozen=True, slots=True)
class Notice:
    """What was done just now; `undo` are the activities that can be brought back by one press."""

    text: str
    undo: Sequence[str] = ()
    trouble: bool = False


async def show_list(request: web.Request) -> web.Response:
    """GET /activities?page=1&type=running&month=2026-05&words=anna: the activities, the latest first.

    With `choose` each can be ticked.
    """
    return await _page(request)


async def post_list(request: web.Request) -> web.Response:
    """POST /activities {form_key, activity …, do: change | delete | restore, type, visibility, gear}.

    The list again, with what was done; what was deleted can be brought back by one press. Sent twice it does no more.
    """
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    chosen = [parse_id(str(one)) for one in form.getall("activity", [])][:MOST_AT_ONCE]
    said = {name: str(form.get(name, "")) for name in ("do", "type", "visibility", "gear")}
    if not chosen:
        return await _page(request, Notice(_("Tick the activities that you mean."), trouble=True), choosing=True)
    try:
        notice = await _done(request, identity.owner_id, chosen, said)
    except RequestError as error:
        notice = Notice(retold(error.message), trouble=True)
        return await _page(request, notice, choosing=True, status=STATUS[type(error)])
    return await _page(request, notice)


async def _done(request: web.Request, owner_id: str, chosen: Sequence[str], said: Mapping[str, str]) -> Notice:
    done: list[str] = []
    for activity_id in chosen:
        try:
            if said["do"] == "delete":
                await request.app[ACTIVITIES].delete(owner_id, activity_id)
            elif said["do"] == "restore":
                await request.app[EDITOR].restore(owner_id, activity_id)
            else:
                await _change(request, owner_id, activity_id, said)
        except NotFoundError:
            continue  # it went meanwhile, or was never one's own
        done.append(activity_id)
    if said["do"] == "delete":
        return Notice(ngettext("%(n)s activity deleted.", "%(n)s activities deleted.", len(done)), done)
    if said["do"] == "restore":
        return Notice(ngettext("%(n)s activity is back.", "%(n)s activities are back.", len(done)))
    if done and said["gear"]:
        usual = said["gear"] == USUAL_GEAR
        chosen_gear = None if usual else [] if said["gear"] == NO_GEAR else [said["gear"]]
        await request.app[GEAR].choose(owner_id, done, chosen_gear)
    return Notice(ngettext("%(n)s activity changed.", "%(n)s activities changed.", len(done)))


async def _change(request: web.Request, owner_id: str, activity_id: str, said: Mapping[str, str]) -> None:
    fields = {name: said[name] for name in ("type", "visibility") if said[name]}
    if not fields:
        await request.app[ACTIVITIES].get(owner_id, activity_id)  # gear alone: only what is there
        return
    asked = body_of(orjson.dumps(fields), ActivityEdit)
    assert isinstance(asked, ActivityEdit)
    await request.app[EDITOR].edit(owner_id, activity_id, asked)


async def _page(
    request: web.Request, notice: Notice | None = None, *, choosing: bool = False, status: int = 200
) -> web.Response:
    identity = await require(request)
    page = number_query(request, "page", 1, 1, 100_000)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    said = {name: _said(request, name, form) for name, form in (("type", _TYPE), ("month", _MONTH))}
    said["words"] = " ".join(request.query.get("words", "").split())[:MOST_WORDS]
    user = await request.app[USERS].get(identity.owner_id)
    window = Page(PAGE, (page - 1) * PAGE)
    found = await request.app[ACTIVITY_LISTS].listed(
        identity.owner_id, _wanted(said, zone), window, request.app[CLOCK]()
    )
    choosing = (choosing or "choose" in request.query) and bool(found.activities)
    return render(
        "list.html",
        status=status,
        username=user.username,
        cards=[card_of(summary, route, zone) for summary, route in found.activities],
        total=found.total,
        page=page,
        pages=max(1, math.ceil(found.total / PAGE)),
        sports=found.sports,
        wanted=said,
        narrowed=any(said.values()),
        asked="".join(f"{urlencode({name: value})}&" for name, value in said.items() if value),
        any_deleted=found.any_deleted,
        notice=notice,
        choosing=choosing,
        form_key=form_key(request) if choosing or notice is not None else "",
        every_sport=sorted({*SPORTS, *found.sports}),
        visibilities={name: _(said) for name, said in VISIBILITY_WORDS.items()},
        gear=await request.app[GEAR].list_for(identity.owner_id) if choosing else [],
    )


def _said(request: web.Request, name: str, form: re.Pattern[str]) -> str:
    """Return what the form of the list says, "" for what it cannot say."""
    text = request.query.get(name, "")
    return text if form.fullmatch(text) else ""


def _wanted(said: Mapping[str, str], zone: tzinfo) -> Wanted:
    """Return what the form asks for, months by the reader's clock."""
    wanted = Wanted(sport=said["type"] or None, words=said["words"] or None)
    month = _MONTH.fullmatch(said["month"])
    if month is None:
        return wanted
    year, number = int(month[1]), int(month[2])
    first = datetime(year, number, 1, tzinfo=zone)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return Wanted(sport=wanted.sport, words=wanted.words, from_s=first.timestamp(), to_s=after.timestamp())
