"""The profile's forms on the account page."""

from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.keys import CLOCK, PROFILES
from paceline_server.pages import local_time
from paceline_server.platform.auth import refuse_other_forms, require
from paceline_server.profile.model import BODY_RANGES, BodyValue

METRICS = {
    "weight_kg": ("Weight", "kg"),
    "height_cm": ("Height", "cm"),
    "max_heart_rate_bpm": ("Highest heart rate", "bpm"),
    "resting_heart_rate_bpm": ("Heart rate at rest", "bpm"),
    "threshold_heart_rate_bpm": ("Heart rate at threshold", "bpm"),
    "threshold_pace_s_km": ("Pace at threshold", "s/km"),
    "threshold_power_w": ("Power at threshold", "W"),
    "diet_goal_kcal": ("To eat in a day", "kcal"),
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


async def profile_parts(request: web.Request, owner_id: str) -> dict[str, object]:
    """Return what the account page shows of the profile."""
    profiles = request.app[PROFILES]
    zone = local_time.zone_of(request.cookies.get(local_time.COOKIE))
    return {
        "profile": await profiles.get(owner_id),
        "body": [_row(value) for value in sorted(await profiles.body(owner_id), key=_order)],
        "metrics": {metric: f"{name} ({unit})" for metric, (name, unit) in METRICS.items()},
        "today": datetime.fromtimestamp(request.app[CLOCK](), UTC).astimezone(zone).date().isoformat(),
    }


async def save_profile(request: web.Request) -> str:
    """Take POST /account/profile; return what is wrong, "" when it is kept."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    fields = {name: str(form.get(name, "")).strip() or None for name in ("birth_date", "sex")}
    try:
        await request.app[PROFILES].change(identity.owner_id, fields)
    except InvalidError as error:
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
            await profiles.set_body(identity.owner_id, metric, day, _number(str(form.get("value", ""))))
    except InvalidError as error:
        return error.message
    except NotFoundError:
        return "" if "remove" in form else "Choose what to note."
    return ""


def _order(value: BodyValue) -> tuple[int, int]:
    return list(METRICS).index(value.metric), -int(value.from_day.replace("-", ""))


def _row(value: BodyValue) -> BodyRow:
    name, unit = METRICS[value.metric]
    return BodyRow(value.metric, name, f"{value.value:g}", unit, value.from_day)


def _number(text: str) -> object:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
