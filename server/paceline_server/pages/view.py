"""Activities as pages show them: every string with its unit. Pure; times on the reader's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from paceline_server.activities.model import LIVE, Activity, ActivitySummary
from paceline_server.analysis.best_efforts import MILE_M
from paceline_server.pages import local_time
from paceline_server.pages.receipt_view import ReceiptView, receipt_view
from paceline_server.pages.route_picture import RoutePicture, card_picture, page_picture
from paceline_server.pages.split_view import LapRow, SplitRow, lap_rows, length_rows, set_rows, split_rows
from paceline_server.words import quantities
from paceline_server.words.quantities import Quantity
from paceline_server.words.reader import reader
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

NOUNS: Mapping[str, str] = {
    "running": N_("run"),
    "walking": N_("walk"),
    "hiking": N_("hike"),
    "cycling": N_("ride"),
    "swimming": N_("swim"),
    "strength": N_("strength"),
    "indoor": N_("indoor session"),
}
_TITLES = {
    "Night": N_("Night %(noun)s"),
    "Morning": N_("Morning %(noun)s"),
    "Midday": N_("Midday %(noun)s"),
    "Afternoon": N_("Afternoon %(noun)s"),
    "Evening": N_("Evening %(noun)s"),
}

LEAST_M = 10.0  # under it a workout has no distance to speak of: strength, or on a trainer


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure; `key` is what the live script finds it by."""

    key: str
    name: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Card:
    """An activity in the list."""

    activity_id: str
    sport: str
    title: str
    date: str
    machine_time: str
    live: bool
    whole: bool
    figures: tuple[Figure, ...]
    picture: RoutePicture | None


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity on its own page."""

    activity_id: str
    sport: str
    title: str
    date: str
    machine_time: str
    live: bool
    figures: tuple[Figure, ...]
    rate_name: str
    rate_unit: str
    summary: str
    picture: RoutePicture | None
    receipt: ReceiptView | None  # None: not the owner's page, or entered by hand
    hides_map: bool
    splits: tuple[SplitRow, ...]
    by_mile: bool
    laps: tuple[LapRow, ...]
    lengths: tuple[tuple[str, ...], ...]
    sets: tuple[tuple[str, ...], ...]


def began(activity: ActivitySummary, zone: tzinfo) -> datetime:
    """Return when an activity began on its own clock, where it knows it, else on the reader's."""
    return local_time.own_local(activity.start_utc_s, activity.utc_offset_s, zone)


def title_of(activity: ActivitySummary, zone: tzinfo) -> str:
    """Return what its owner called an activity, else its name by the time of its own day and the sport."""
    if activity.title:
        return activity.title
    part = local_time.part_of_day(began(activity, zone))
    return _(_TITLES[part], noun=_(NOUNS.get(activity.sport, N_("workout"))))


def card(activity: ActivitySummary, polyline: str, zone: tzinfo) -> Card:
    """Make the card of an activity."""
    moment = began(activity, zone)
    return Card(
        activity.activity_id,
        activity.sport,
        title_of(activity, zone),
        local_time.short_day_and_time(moment),
        local_time.machine_time(activity.start_utc_s),
        activity.status == LIVE,
        activity.whole,
        _card_figures(activity),
        card_picture(polyline),
    )


def activity_view(activity: Activity, zone: tzinfo) -> ActivityView:
    """Make the page of an activity."""
    moment = began(activity, zone)
    live = activity.status == LIVE
    picture = page_picture(activity.route_polyline)
    miles = activity.findings.miles if activity.findings is not None and reader().units == "imperial" else ()
    return ActivityView(
        activity.activity_id,
        activity.sport,
        title_of(activity, zone),
        local_time.day_and_time(moment),
        local_time.machine_time(activity.start_utc_s),
        live,
        figures(activity, activity.hidden, None if activity.findings is None else activity.findings.descent_m),
        quantities.rate_name(activity.sport),
        quantities.rate(None, activity.sport).unit,
        _summary(activity),
        picture,
        _receipt(activity) if not activity.hidden else None,
        "map" in activity.hidden,
        split_rows(miles, activity.sport, MILE_M) if miles else split_rows(activity.splits, activity.sport),
        bool(miles),
        lap_rows(activity.laps, activity.findings.laps if activity.findings is not None else (), activity.sport),
        length_rows(activity.lengths),
        set_rows(activity.sets),
    )


def _receipt(activity: Activity) -> ReceiptView | None:
    of_wearable = activity.source.startswith("wearable ")
    return receipt_view(activity.receipt, live=activity.status == LIVE, of_wearable=of_wearable)


def figures(
    activity: ActivitySummary, hidden: frozenset[str] = frozenset(), descent_m: float | None = None
) -> tuple[Figure, ...]:
    """Return the key figures, what is hidden or was not measured left out, unless it may still come."""
    live = activity.status == LIVE and "heart_rate" not in hidden
    far = activity.distance_m >= LEAST_M or activity.status == LIVE
    rate = quantities.rate(mean_speed_m_s(activity), activity.sport)
    rate_name = _("Average speed") if quantities.by_speed(activity.sport) else _("Average pace")
    every = (
        ("distance" not in hidden and far, "distance", _("Distance"), quantities.distance(activity.distance_m)),
        ("pace" not in hidden, "moving", _("Moving time"), Quantity(quantities.duration(activity.moving_time_s))),
        ("pace" not in hidden and far, "rate", rate_name, rate),
        (True, "elapsed", _("Elapsed"), Quantity(quantities.duration(activity.duration_s))),
        (activity.ascent_m is not None, "ascent", _("Ascent"), quantities.height(activity.ascent_m)),
        (descent_m is not None, "descent", _("Descent"), quantities.height(descent_m)),
        (
            activity.heart_rate_avg_bpm is not None or live,
            "heart-avg",
            _("Average heart rate"),
            quantities.whole(activity.heart_rate_avg_bpm, "bpm"),
        ),
        (
            activity.heart_rate_max_bpm is not None or live,
            "heart-max",
            _("Highest heart rate"),
            quantities.whole(activity.heart_rate_max_bpm, "bpm"),
        ),
        (activity.calories_kcal is not None, "energy", _("Energy"), quantities.whole(activity.calories_kcal, "kcal")),
    )
    return tuple(Figure(key, name, quantity) for shown, key, name, quantity in every if shown)


def mean_speed_m_s(activity: ActivitySummary) -> float | None:
    """Distance by moving time; None under 10 m."""
    if activity.distance_m < LEAST_M or activity.moving_time_s <= 0:
        return None
    return activity.distance_m / activity.moving_time_s


def _card_figures(activity: ActivitySummary) -> tuple[Figure, ...]:
    chosen: Sequence[str] = (
        ("distance", "moving", "rate") if activity.distance_m >= LEAST_M else ("moving", "heart-avg")
    )
    names = {"moving": _("Time"), "rate": quantities.rate_name(activity.sport), "heart-avg": _("Heart rate")}
    by_key = {figure.key: figure for figure in figures(activity)}
    return tuple(Figure(key, names.get(key, by_key[key].name), by_key[key].quantity) for key in chosen if key in by_key)


def _summary(activity: Activity) -> str:
    """Say in one sentence what the map and the charts show."""
    time_s = activity.duration_s if "pace" in activity.hidden else activity.moving_time_s
    time = quantities.duration(time_s)
    if "distance" in activity.hidden:
        parts = [_("%(time)s so far", time=time)]
    else:
        parts = [_("%(distance)s in %(time)s", distance=quantities.distance(activity.distance_m), time=time)]
    rate = quantities.rate(mean_speed_m_s(activity), activity.sport)
    if rate.value != quantities.DASH:
        parts.append(_("at %(rate)s on average", rate=rate))
    if activity.ascent_m:
        parts.append(_("climbing %(ascent)s", ascent=quantities.height(activity.ascent_m)))
    if activity.heart_rate_avg_bpm is not None:
        heart = quantities.whole(activity.heart_rate_avg_bpm, "bpm")
        parts.append(_("heart rate %(heart)s on average", heart=heart))
    return ", ".join(parts) + "."
