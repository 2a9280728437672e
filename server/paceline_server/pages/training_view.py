"""Recommendations and what a runner could run, in words. Pure."""

from dataclasses import dataclass
from datetime import date

from paceline_server.analysis.race_form import Capacity, Prediction, RaceForm
from paceline_server.analysis.resting_trend import RestingTrend
from paceline_server.pages.effort_view import Line
from paceline_server.training.advice import Figure, Kind, Pace, Recommendation, Session
from paceline_server.words import quantities
from paceline_server.words.dates import short_day, weekday_name
from paceline_server.words.quantities import amount, distance_name
from paceline_server.words.speech import N_, ngettext
from paceline_server.words.speech import gettext as _
from paceline_server.words.sports import sport_name

NAMES = {
    Kind.LOAD_WARNING: N_("Training load"),
    Kind.REST: N_("Recovery"),
    Kind.NEXT_SESSION: N_("Next session"),
    Kind.PACE_AND_ZONES: N_("Paces and heart rates"),
    Kind.GOAL_AT_RISK: N_("A goal is at risk"),
    Kind.STREAK_ENDING: N_("Your streak"),
    Kind.GEAR_WORN: N_("Gear"),
}
_COUNTED = (N_("days"), N_("weeks"), N_("workouts"), N_("steps"), N_("floors"))
_PLACES = {Kind.GOAL_AT_RISK: ("/goals", N_("Your goals")), Kind.GEAR_WORN: ("/gear", N_("Your gear"))}


@dataclass(frozen=True, slots=True)
class AdviceView:
    """A recommendation; `session` is a line of words, `paces` are (name, bpm, pace), `place` is (path, name)."""

    kind: str
    name: str
    advice: str
    reason: str
    session: str
    paces: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str], ...]
    sure: str
    place: tuple[str, str] | None


def advice_view(one: Recommendation, today: int) -> AdviceView:
    """Return a recommendation in words."""
    return AdviceView(
        str(one.kind),
        _(NAMES[one.kind]),
        str(one.advice),
        str(one.reason),
        "" if one.session is None else _session(one.session, today),
        tuple(
            (_(pace.name).capitalize(), _bpm(pace) or quantities.DASH, _pace(pace) or quantities.DASH)
            for pace in one.paces
        ),
        tuple((_begun(_(figure.name)), _figure(figure)) for figure in one.figures),
        f"{100 * one.confidence:.0f} %",
        _place(one.kind),
    )


def race_rows(predictions: list[Prediction]) -> tuple[tuple[str, str, str, str], ...]:
    """Return (distance, time, pace, from which to which time) of each race."""
    rows = []
    for one in predictions:
        span = _(
            "%(low)s to %(high)s", low=quantities.duration(one.shortest_s), high=quantities.duration(one.longest_s)
        )
        pace = quantities.rate(one.distance_m / one.duration_s, "running").value
        rows.append((distance_name(one.distance_m, "running"), quantities.duration(one.duration_s), pace, span))
    return tuple(rows)


def capacity_lines(capacity: Capacity | None, form: RaceForm | None, resting: RestingTrend | None) -> tuple[Line, ...]:
    """Return the lines of VO2max, VDOT and the resting heart rate that are known."""
    lines: list[Line] = []
    if capacity is not None:
        runs = ngettext("%(n)s run", "%(n)s runs", capacity.runs)
        note = _("ml/kg/min, estimated from speed and heart rate of %(runs)s in six weeks, ± 10 %% and more", runs=runs)
        lines.append(("vo2max", "VO2max", quantities.number(capacity.ml_kg_min), note))
    if form is not None:
        far, time = distance_name(form.distance_m, "running"), quantities.duration(form.duration_s)
        said = _("by %(far)s in %(time)s, %(day)s (Daniels)", far=far, time=time, day=_day(form.day))
        lines.append(("vdot", "VDOT", quantities.number(form.vdot, 1), said))
    if resting is not None:
        more = resting.recent_bpm - resting.usual_bpm
        note = _("mean of three days; %(more)s bpm against the 28 days before", more=quantities.signed(more))
        lines.append(("resting", _("Resting heart rate"), f"{resting.recent_bpm:.0f} bpm", note))
    return tuple(lines)


def _session(session: Session, today: int) -> str:
    when = {today: _("Today"), today + 1: _("Tomorrow")}.get(
        session.day, weekday_name(date.fromordinal(session.day).weekday())
    )
    parts = [f"{when}: {sport_name(session.sport)}, {quantities.duration(session.duration_s)}"]
    if session.distance_m is not None:
        parts.append(str(quantities.distance(session.distance_m)))
    parts += [said for said in (_bpm(session), _pace(session)) if said]
    return " · ".join(parts)


def _bpm(one: Session | Pace) -> str:
    return "" if one.heart_rate_bpm is None else f"{one.heart_rate_bpm[0]}–{one.heart_rate_bpm[1]} bpm"


def _pace(one: Session | Pace) -> str:
    if one.pace_s_km is None:
        return ""
    far_km = quantities.unit_si("pace") / 1000
    fast, slow = (quantities.duration(int(seconds * far_km + 0.5)) for seconds in one.pace_s_km)
    return f"{fast}–{slow} {quantities.unit('pace')}"


def _figure(figure: Figure) -> str:
    if figure.unit == "s":
        return quantities.duration(figure.value)
    if figure.unit == "m" and figure.value >= 1000:
        return str(quantities.distance(figure.value))
    said = _(figure.unit) if figure.unit in _COUNTED else figure.unit
    return f"{amount(figure.value)} {said}".strip().replace("-", "−")


def _day(day: int) -> str:
    return short_day(date.fromordinal(day))


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]


def _place(kind: Kind) -> tuple[str, str] | None:
    place = _PLACES.get(kind)
    return None if place is None else (place[0], _(place[1]))
