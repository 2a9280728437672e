"""The profile's forms on the account page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from aiohttp import web

from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.keys import CLOCK, PROFILES
from paceline_server.pages import local_time
from paceline_server.platform.auth import refuse_other_forms, require
from paceline_server.profile.model import BODY_RANGES, BodyValue
from paceline_server.profile.service import OLDEST_YEARS
from paceline_server.profile.zones import is_zone, zone_names
from paceline_server.words import quantities
from paceline_server.words.dates import short_day, weekday_name
from paceline_server.words.reader import LANGUAGES
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

_UNITS = {"weight_kg": "weight", "height_cm": "body"}
_WEEKDAYS = tuple(map(str, range(7)))
FORM_FIELDS = ("birth_date", "sex", "language", "units", "time_zone", "first_weekday")
METRICS = {
    "weight_kg": (N_("Weight"), "kg"),
    "height_cm": (N_("Height"), "cm"),
    "max_heart_rate_bpm": (N_("Highest heart rate"), "bpm"),
    "resting_heart_rate_bpm": (N_("Heart rate at rest"), "bpm"),
    "threshold_heart_rate_bpm": (N_("Heart rate at threshold"), "bpm"),
    "threshold_pace_s_km": (N_("Pace at threshold"), "s/km"),
    "threshold_power_w": (N_("Power at threshold"), "W"),
    "diet_goal_kcal": (N_("To eat in a day"), "kcal"),
}
assert METRICS.keys() == BODY_RANGES.keys()


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One dated value in words."""

    metric: str
    name: str
    value: str
    unit: str
    from_day: str
    when: str


async def profile_parts(request: web.Request, owner_id: str) -> dict[str, object]:
    """Return what the account page shows of the profile."""
    profiles = request.app[PROFILES]
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    return {
        "profile": await profiles.get(owner_id),
        "body": [_row(value) for value in sorted(await profiles.body(owner_id), key=_order)],
        "metrics": {metric: f"{_(name)} ({_unit(metric)[0]})" for metric, (name, _unit_name) in METRICS.items()},
        "languages": LANGUAGES,
        "zones": ("UTC", *zone_names()),
        "browser_zone": _browser_zone(request),
        "weekdays": [weekday_name(day) for day in range(7)],
        "today": datetime.fromtimestamp(request.app[CLOCK](), UTC).astimezone(zone).date().isoformat(),
    }


async def take_browser_zone(request: web.Request, owner_id: str) -> None:
    """Let the clock of a new account be that of the browser that makes it, where a script told which that is."""
    zone = _browser_zone(request)
    if zone is not None:
        await request.app[PROFILES].change(owner_id, {"time_zone": zone})


async def clock_unsaid(request: web.Request, owner_id: str) -> bool:
    """Tell whether an owner's days go by UTC as no clock was told, and the browser's is another."""
    elsewhere = (_browser_zone(request) or "UTC") != "UTC"
    return elsewhere and (await request.app[PROFILES].get(owner_id)).time_zone is None


def _browser_zone(request: web.Request) -> str | None:
    zone = request.cookies.get(local_time.COOKIE, "")
    return zone if is_zone(zone) else None


async def save_profile(request: web.Request) -> str:
    """Take POST /account/profile; return what is wrong, "" when it is kept."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    fields: dict[str, object] = {name: str(form[name]).strip() or None for name in FORM_FIELDS if name in form}
    if str(fields.get("first_weekday") or "") in _WEEKDAYS:
        fields["first_weekday"] = int(str(fields["first_weekday"]))
    try:
        await request.app[PROFILES].change(identity.owner_id, fields)
    except InvalidError as error:
        if error.fields.get("field") == "birth_date":
            return _("Say a day that is not to come, at most %(n)s years ago.", n=OLDEST_YEARS)
        return error.message
    return ""


async def save_body(request: web.Request) -> str:
    """Take POST /account/body {metric, value, from, remove}; return what is wrong, "" when it is kept."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    profiles = request.app[PROFILES]
    metric, day = str(form.get("metric", "")), str(form.get("from", ""))
    try:
        if "remove" in form:
            await profiles.remove_body(identity.owner_id, metric, day)
        else:
            await profiles.set_body(identity.owner_id, metric, day, _number(str(form.get("value", "")), metric))
    except InvalidError as error:
        return body_trouble(metric, error)
    except NotFoundError:
        return "" if "remove" in form else _("Choose what to note.")
    return ""


def body_trouble(metric: str, error: InvalidError) -> str:
    """Say what is wrong with a value of the body, in the reader's unit."""
    if error.fields.get("field") != "value" or metric not in BODY_RANGES:
        return _("Say a day that is not to come.")
    (low, high), (unit, size) = BODY_RANGES[metric], _unit(metric)
    least, most = (quantities.entered(bound / size, 0) for bound in (low, high))
    name = _(METRICS[metric][0])
    return _("%(name)s is from %(low)s to %(high)s %(unit)s.", name=name, low=least, high=most, unit=unit)


def _order(value: BodyValue) -> tuple[int, int]:
    return list(METRICS).index(value.metric), -int(value.from_day.replace("-", ""))


def _row(value: BodyValue) -> BodyRow:
    name, size = _unit(value.metric)
    said = quantities.entered(value.value / size, 1)
    when = short_day(date.fromisoformat(value.from_day))
    return BodyRow(value.metric, _(METRICS[value.metric][0]), said, name, value.from_day, when)


def _unit(metric: str) -> tuple[str, float]:
    """Return the reader's unit of a metric, and how many of the metric's own it is."""
    if metric == "threshold_pace_s_km":
        return f"s{quantities.unit('pace')}", 1000 / quantities.unit_si("pace")
    if metric not in _UNITS:
        return METRICS[metric][1], 1.0
    kind = _UNITS[metric]
    return quantities.unit(kind), quantities.unit_si(kind) * (100 if metric == "height_cm" else 1)


def _number(text: str, metric: str) -> object:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if metric not in METRICS else round(value * _unit(metric)[1], 3)
