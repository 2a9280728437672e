"""The page of a workout's recordings: why they are one, which stream is from which, and how they are taken apart."""

from datetime import tzinfo
from typing import Any

from aiohttp import web

from paceline_server.activities.model import Activity, ActivitySummary
from paceline_server.activity_list.filters import Wanted
from paceline_server.analysis.same_workout import Same
from paceline_server.analysis.stream_choice import LAPS, SETS, STREAMS
from paceline_server.duplicates.previewing import nearest, preview
from paceline_server.duplicates.service import FARTHEST_S, Together
from paceline_server.errors import ConflictError
from paceline_server.keys import ACTIVITY_LISTS, DUPLICATES, USERS
from paceline_server.pages import local_time
from paceline_server.pages.render import render
from paceline_server.pages.view import began, title_of
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.ids import is_id, parse_id
from paceline_server.platform.paging import Page
from paceline_server.words.quantities import distance, duration, height
from paceline_server.words.retold import retold
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

WORDS = {
    "position": N_("Way"),
    "distance": N_("Distance and speed"),
    "altitude": N_("Altitude"),
    "heart_rate": N_("Heart rate"),
    "cadence": N_("Cadence"),
    "power": N_("Power"),
    "laps": N_("Laps"),
    "sets": N_("Sets"),
}
LOOKED_AT = 200
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


async def show_recordings(request: web.Request) -> web.Response:
    """GET /activities/{activity_id}/recordings."""
    identity = await require(request)
    found = await request.app[DUPLICATES].get(identity.owner_id, parse_id(request.match_info["activity_id"]))
    return await _page(request, found)


async def post_recordings(request: web.Request) -> web.StreamResponse:
    """POST /activities/{activity_id}/recordings {do: streams | join | part | undo, which, stream_*, form_key}.

    `stream_heart_rate` and the like name a recording, or are empty for the rule.
    """
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    service, activity_id = request.app[DUPLICATES], parse_id(request.match_info["activity_id"])
    found = await service.get(identity.owner_id, activity_id)
    do, which = str(form.get("do", "")), str(form.get("which", ""))
    one = [which] if is_id(which) else []
    named = {stream: str(form[f"stream_{stream}"]) for stream in STREAMS if f"stream_{stream}" in form}
    try:
        if do == "streams":
            wanted = {stream: name if is_id(name) else None for stream, name in named.items()}
            found = await service.change(identity.owner_id, activity_id, streams=wanted)
        elif do in ("join", "part", "undo"):
            join, part = (one if do == "join" else []), (one if do == "part" else found.ids if do == "undo" else [])
            found = await service.change(identity.owner_id, activity_id, join, part)
    except ConflictError as error:
        return await _page(request, found, trouble=error.message, status=409)
    again = f"/activities/{found.shown.activity_id}"
    several = len(found.members) > 1 or found.proposed
    where = f"{again}/recordings" if several and do != "undo" else again if do != "undo" else "/"
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})


async def _page(request: web.Request, found: Together, *, trouble: str = "", status: int = 200) -> web.Response:
    user = await request.app[USERS].get(found.shown.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    return render(
        "recordings.html",
        status=status,
        username=user.username,
        activity_id=found.shown.activity_id,
        title=title_of(found.shown, zone),
        members=[_view(one, found, zone, LETTERS[at % 26]) for at, one in enumerate(found.members)],
        proposed=[_view(one, found, zone, "") for one in found.proposed],
        others=[_offered(found.shown, one, zone) for one in await _others(request, found)],
        merged=found.group is not None and found.group.merged,
        streams=_streams(found),
        trouble=trouble,
        form_key=form_key(request),
    )


async def _others(request: web.Request, found: Together) -> list[ActivitySummary]:
    """Return what else may be joined: those whose starts are near enough, the nearest first."""
    shown = found.shown
    wanted = Wanted(from_s=shown.start_utc_s - FARTHEST_S, to_s=shown.start_utc_s + FARTHEST_S)
    rows = await request.app[ACTIVITY_LISTS].page(shown.owner_id, wanted, Page(LOOKED_AT))
    known = {shown.activity_id, *found.ids, *(one.activity_id for one in found.proposed)}
    return nearest(shown, [one for one in rows if one.activity_id not in known])


def _offered(shown: Activity, one: ActivitySummary, zone: tzinfo) -> dict[str, str]:
    """Return an activity that may be joined, and in words what would come of it."""
    made = preview(shown, one)
    if made.in_a_row:
        figures = {"duration": duration(made.duration_s), "distance": distance(made.distance_m)}
        told = _("One after the other: %(duration)s and %(distance)s in all.", **figures)
        if made.pause_s >= 1:
            told = f"{told} " + _("The %(pause)s between them become a pause.", pause=duration(made.pause_s))
    else:
        told = _("At the same time: they count once, each stream from the one that tells it best.")
    return {
        "activity_id": one.activity_id,
        "title": title_of(one, zone),
        "when": local_time.short_day_and_time(began(one, zone)),
        "figures": ", ".join(
            str(each) for each in (duration(one.duration_s), distance(one.distance_m) if one.distance_m else "") if each
        ),
        "preview": told,
    }


def _view(one: Activity, found: Together, zone: tzinfo, letter: str) -> dict[str, Any]:
    others = {each for each in found.ids if each != one.activity_id}
    wanted = Same.YES if letter else Same.PERHAPS
    pairs = [
        pair
        for pair in found.pairs
        if one.activity_id in (pair.one_id, pair.other_id)
        and pair.partner_of(one.activity_id) in others
        and pair.same is wanted
    ]
    figures = [
        str(duration(one.duration_s)),
        str(distance(one.distance_m)) if one.distance_m else "",
        _("%(ascent)s up", ascent=height(one.ascent_m)) if one.ascent_m is not None else "",
        f"{round(one.heart_rate_avg_bpm)} bpm" if one.heart_rate_avg_bpm else "",
    ]
    return {
        "activity_id": one.activity_id,
        "letter": letter,
        "title": title_of(one, zone),
        "source": one.source,
        "when": local_time.short_day_and_time(began(one, zone)),
        "figures": ", ".join(each for each in figures if each),
        "shown": one.activity_id == found.shown.activity_id,
        "by_owner": any(pair.said_by == "owner" for pair in pairs),
        "reasons": list(dict.fromkeys(retold(reason) for pair in pairs[:1] for reason in pair.reasons)),
    }


def _streams(found: Together) -> list[dict[str, Any]]:
    if found.group is None or len(found.members) < 2:
        return []
    return [
        {
            "name": stream,
            "words": _(WORDS[stream]) if stream in WORDS else stream.replace("_", " ").capitalize(),
            "from": used["from"],
            "chosen": found.group.choices.get(stream, ""),
            "parts": {name: "" if stream in (LAPS, SETS) else f"{part:.0%}" for name, part in used["parts"].items()},
            "told": [name for name, part in used["parts"].items() if part > 0],
        }
        for stream, used in found.group.used.items()
    ]
