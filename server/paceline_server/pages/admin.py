"""The page of who looks after the server: health, jobs, storage, users. It opens nobody's workouts."""

import asyncio
from datetime import tzinfo

from aiohttp import web

from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.events import store as events
from paceline_server.keys import DATABASE, REGISTRATION, USERS, WORKER
from paceline_server.operations.overview import overview
from paceline_server.pages import local_time
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.database import Connection
from paceline_server.platform.policy import Role
from paceline_server.platform.queries import number_query
from paceline_server.platform.recent import require_recent
from paceline_server.users.service import normal_name
from paceline_server.words.retold import retold
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

ROLES = {
    "user": N_("user"),
    "coach": N_("coach"),
    "moderator": N_("moderator"),
    "admin": N_("admin"),
}
REGISTRATIONS = {
    "open": N_("Everybody may make an account."),
    "invite": N_("Who has an invitation may make an account."),
    "closed": N_("Nobody may make an account but from the command line."),
}
_LONGEST_ID = (1 << 63) - 1


async def show_admin(request: web.Request) -> web.Response:
    """GET /admin?name=an&page=1: the users are those whose name begins so."""
    return await _page(request)


async def post_admin(request: web.Request) -> web.StreamResponse:
    """POST /admin {form_key, do: role with username and role, invite, retry or drop with event_id}.

    Roles and invitations ask for a log-in of the last quarter of an hour.
    """
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    act = str(form.get("do", ""))
    if act == "invite":
        await require_recent(request)
        invitation = await request.app[REGISTRATION].invite(identity.owner_id)
        return await _page(request, code=invitation.code)
    if act == "role":
        await require_recent(request)
        trouble = await _give_role(request, str(form.get("username", "")), str(form.get("role", "")))
        if trouble:
            return await _page(request, trouble=trouble, status=400)
    elif act in ("retry", "drop"):
        text = str(form.get("event_id", ""))
        if text.isdecimal() and len(text) < 20 and int(text) <= _LONGEST_ID:
            await request.app[DATABASE].write(_settle, int(text), act == "retry")
            request.app[WORKER].notify()
    return web.Response(status=303, headers={"Location": "/admin", "Cache-Control": "no-store"})


async def _give_role(request: web.Request, username: str, role: str) -> str:
    identity = await require(request)
    own = await request.app[USERS].get(identity.owner_id)
    try:
        if role not in ROLES:
            raise InvalidError("field", N_("Choose a role."))
        if normal_name(username) == own.username:
            raise InvalidError("field", N_("Your own role is changed by another admin."))
        await asyncio.to_thread(request.app[USERS].set_role, username, Role(role))
    except (InvalidError, NotFoundError) as error:
        return retold(error.message)
    return ""


def _settle(connection: Connection, event_id: int, again: bool) -> bool:
    return events.revive(connection, event_id) if again else events.discard(connection, event_id)


async def _page(request: web.Request, *, code: str = "", trouble: str = "", status: int = 200) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    name, page = normal_name(request.query.get("name", "")), number_query(request, "page", 1, 1, 1_000_000)
    found = await overview(request.app, name, page)
    said = REGISTRATIONS.get(found.registration)
    return render(
        "admin.html",
        status=status,
        username=user.username,
        found=found,
        registration=_(said) if said is not None else found.registration,
        letters=[
            (one.event_id, one.turn.handler, one.error, one.attempts, _moment(one.failed_at_s, zone))
            for one in found.jobs.letters
        ],
        people=[(one.username, one.role.value, _moment(one.created_at_s, zone)) for one in found.users],
        roles={role: _(word) for role, word in ROLES.items()},
        name=name,
        page=page,
        code=code,
        trouble=trouble,
        form_key=form_key(request),
    )


def _moment(utc_s: float, zone: tzinfo) -> str:
    return local_time.short_day_and_time(local_time.local(utc_s, zone))
