"""What an owner does with an activity by forms: edit it, delete it, bring it back."""

import orjson
from aiohttp import web

from paceline_server.activities.shapes import ActivityEdit
from paceline_server.errors import NotFoundError
from paceline_server.keys import ACTIVITIES, EDITOR, GEAR, USERS
from paceline_server.pages import local_time
from paceline_server.pages.activity_said import said_of
from paceline_server.pages.render import render
from paceline_server.pages.view import began, title_of
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.openapi.taking import body_of
from paceline_server.platform.paging import Page
from paceline_server.platform.queries import number_query
from paceline_server.words.quantities import distance, duration

PAGE = 50  # of /deleted


async def post_edit(request: web.Request) -> web.StreamResponse:
    """POST /activities/{activity_id}/edit {title, type, …, gear …, usual_gear, form_key}.

    `shown_map` and the like are empty for what is shown with the activity, `cut_start` and `cut_end` are times to cut
    away. Where `gear_asked` is there, all that `gear` says is the activity's gear.
    """
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    activity_id = request.match_info["activity_id"]
    activity = await request.app[ACTIVITIES].get(identity.owner_id, activity_id)
    asked = body_of(orjson.dumps(said_of(form, activity)), ActivityEdit)
    assert isinstance(asked, ActivityEdit)
    gear, asks_gear = request.app[GEAR], "gear_asked" in form
    used = (await gear.of_activity(identity.owner_id, activity_id))[0] if asks_gear else ()  # what the form showed
    await request.app[EDITOR].edit(identity.owner_id, activity_id, asked)
    wanted = [str(value) for value in form.getall("gear", [])]
    if "usual_gear" in form:
        await gear.choose(identity.owner_id, [activity_id], None)
    elif asks_gear and set(wanted) != set(used):
        await gear.choose(identity.owner_id, [activity_id], list(dict.fromkeys(wanted)))
    return _to(f"/activities/{activity_id}")


async def post_delete(request: web.Request) -> web.StreamResponse:
    """POST /activities/{activity_id}/delete {form_key}: to the list of what can be restored."""
    identity = await require(request)
    refuse_other_forms(request, await request.post())
    activity_id = request.match_info["activity_id"]
    try:
        await request.app[ACTIVITIES].delete(identity.owner_id, activity_id)
    except NotFoundError:
        if not await request.app[EDITOR].is_deleted(identity.owner_id, activity_id):  # else it is gone, as was wished
            raise
    return _to("/deleted")


async def post_restore(request: web.Request) -> web.StreamResponse:
    """POST /activities/{activity_id}/restore {form_key}."""
    identity = await require(request)
    refuse_other_forms(request, await request.post())
    activity = await request.app[EDITOR].restore(identity.owner_id, request.match_info["activity_id"])
    return _to(f"/activities/{activity.activity_id}")


async def show_deleted(request: web.Request) -> web.Response:
    """GET /deleted?page=1: what was deleted and can be restored, the last deleted first."""
    identity = await require(request)
    page = number_query(request, "page", 1, 1, 100_000)
    found = await request.app[EDITOR].deleted(identity.owner_id, Page(PAGE, (page - 1) * PAGE))
    user = await request.app[USERS].get(identity.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    rows = [
        {
            "activity_id": one.activity.activity_id,
            "sport": one.activity.sport,
            "title": title_of(one.activity, zone),
            "date": local_time.short_day_and_time(began(one.activity, zone)),
            "figures": f"{distance(one.activity.distance_m)}, {duration(one.activity.duration_s)}",
            "until": local_time.short_day_and_time(local_time.local(one.gone_at_s, zone)),
        }
        for one in found[:PAGE]
    ]
    key, more = form_key(request), len(found) > PAGE
    return render("deleted.html", username=user.username, rows=rows, form_key=key, page=page, more=more)


def _to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
