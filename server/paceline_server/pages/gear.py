"""The page of the gear."""

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from paceline_server.errors import ConflictError, InvalidError, NotFoundError
from paceline_server.gear.model import KINDS, Usual
from paceline_server.gear.service import WornGear
from paceline_server.keys import GEAR, GOALS, USERS
from paceline_server.pages.goals import SPORTS
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.ids import parse_id
from paceline_server.words.quantities import amount, unit, unit_si
from paceline_server.words.speech import N_, ngettext
from paceline_server.words.speech import gettext as _
from paceline_server.words.sports import sport_name

FIELDS = ("kind", "name", "part_of", "before", "limit")
LARGEST_KM = 1e6
KIND_WORDS = {"shoes": N_("shoes"), "bike": N_("bike"), "part": N_("part"), "other": N_("other")}
assert set(KIND_WORDS) == set(KINDS)


@dataclass(frozen=True, slots=True)
class GearView:
    """A piece of gear in words; `worn` is the part of its limit that is used up, at most 1, None without limits."""

    gear_id: str
    name: str
    kind: str
    said: str
    limit: str
    worn: float | None
    usual: str
    retired: bool
    part: bool


async def show_gear(request: web.Request) -> web.Response:
    """GET /gear."""
    return await _page(request)


async def post_gear(request: web.Request) -> web.StreamResponse:
    """POST /gear {kind, name, part_of, before, limit, form_key}: add a piece of gear."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    told = {name: str(form.get(name, "")).strip() for name in FIELDS}
    try:
        if told["kind"] not in KINDS or not 0 < len(told["name"]) <= 100:
            raise InvalidError("field", "Say what it is and what you call it.")
        limit_m = _metres(told["limit"])
        fields = {
            "kind": told["kind"],
            "name": told["name"],
            "part_of": (told["part_of"] or None) if told["kind"] == "part" else None,
            "used_from": await _today(request, identity.owner_id) if told["kind"] == "part" else None,
            "initial_distance_m": _metres(told["before"]),
            "distance_limit_m": limit_m or None,
        }
        await request.app[GEAR].add(identity.owner_id, fields)
    except (InvalidError, ConflictError) as error:
        return await _page(request, trouble=error.message, told=told, status=400)
    return web.Response(status=303, headers={"Location": "/gear", "Cache-Control": "no-store"})


async def post_one_gear(request: web.Request) -> web.StreamResponse:
    """POST /gear/{gear_id} {do: retire | use | usual | delete, sport, form_key}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    owner_id, gear, gear_id = identity.owner_id, request.app[GEAR], parse_id(request.match_info["gear_id"])
    await gear.get(owner_id, gear_id)
    today = await _today(request, owner_id)
    try:
        if form.get("do") == "delete":
            await gear.remove(owner_id, gear_id)
        elif form.get("do") == "retire":
            await gear.change(owner_id, gear_id, {"retired_on": today})
        elif form.get("do") == "use":
            await gear.change(owner_id, gear_id, {"retired_on": None})
        elif form.get("sport") in SPORTS:
            sport = str(form.get("sport"))
            rows = [one for one in await gear.usual(owner_id) if (one.sport, one.from_day) != (sport, today)]
            await gear.set_usual(owner_id, [*rows, Usual(sport, today, gear_id)])
    except InvalidError as error:
        return await _page(request, trouble=error.message, status=400)
    except NotFoundError:
        pass  # it is gone already
    return web.Response(status=303, headers={"Location": "/gear", "Cache-Control": "no-store"})


async def _page(
    request: web.Request, *, trouble: str = "", told: dict[str, str] | None = None, status: int = 200
) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    found = await request.app[GEAR].list_for(identity.owner_id)
    usual = await request.app[GEAR].usual(identity.owner_id)
    views = [_view(one, found, usual) for one in found]
    return render(
        "gear.html",
        status=status,
        username=user.username,
        gear=[view for view in views if not view.retired],
        retired=[view for view in views if view.retired],
        wholes=[(one.gear.gear_id, one.gear.name) for one in found if one.gear.kind != "part"],
        kinds={kind: _(KIND_WORDS[kind]) for kind in KINDS},
        sports=SPORTS,
        told=told or dict.fromkeys(FIELDS, ""),
        trouble=trouble,
        form_key=form_key(request),
    )


def _view(one: WornGear, found: list[WornGear], usual: list[Usual]) -> GearView:
    gear, wear = one.gear, one.wear
    kind = _(KIND_WORDS[gear.kind])
    worn = wear.worn(gear)
    whole = next((each.gear.name for each in found if each.gear.gear_id == gear.part_of), None)
    limits = []
    if gear.distance_limit_m:
        limits.append(_far(gear.distance_limit_m))
    if gear.time_limit_s:
        limits.append(f"{amount(gear.time_limit_s / 3600)} h")
    latest = {row.sport: row.gear_id for row in usual}  # rows come by sport and day
    return GearView(
        gear.gear_id,
        gear.name,
        kind if whole is None else _("%(kind)s of %(name)s", kind=kind, name=whole),
        " · ".join(
            (
                _far(wear.total_distance_m),
                f"{amount(wear.total_time_s / 3600)} h",
                ngettext("%(n)s workout", "%(n)s workouts", wear.activities),
            )
        ),
        _(" or ").join(limits),
        None if worn is None else round(min(worn, 1.0), 3),
        ", ".join(sport_name(sport) for sport, gear_id in latest.items() if gear_id == gear.gear_id),
        gear.retired_on is not None,
        gear.kind == "part",
    )


def _far(metres: float) -> str:
    return f"{amount(metres / unit_si('distance'))} {unit('distance')}"


async def _today(request: web.Request, owner_id: str) -> str:
    return date.fromordinal(await request.app[GOALS].today(owner_id)).isoformat()


def _metres(text: str) -> float:
    try:
        far = float(text.replace(",", ".")) if text else 0.0
    except ValueError:
        far = -1.0
    if not 0 <= far <= LARGEST_KM:
        raise InvalidError("field", "Say the distance as a number.", field="limit")
    return far * unit_si("distance")
