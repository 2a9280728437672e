"""Recommendations and what a runner could run, in words. Pure."""

from dataclasses import dataclass
from datetime import date

from paceline_server.analysis.race_form import Capacity, Prediction, RaceForm
from paceline_server.analysis.resting_trend import RestingTrend
from paceline_server.pages.effort_view import Line
from paceline_server.training.advice import Figure, Kind, Pace, Recommendation, Session
from paceline_server.words import quantities
from paceline_server.words.quantities import amount, distance_name
from paceline_server.words.speech import N_

NAMES = {
    Kind.LOAD_WARNING: N_("Load"),
    Kind.REST: N_("Rest"),
    Kind.NEXT_SESSION: N_("Next session"),
    Kind.PACE_AND_ZONES: N_("Paces and heart rates"),
    Kind.GOAL_AT_RISK: N_("A goal is at risk"),
    Kind.STREAK_ENDING: N_("Your streak"),
    Kind.GEAR_WORN: N_("Gear"),
}
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
        NAMES[one.kind],
        one.advice,
        one.reason,
        "" if one.session is None else _session(one.session, today),
        tuple(
            (pace.name.capitalize(), _bpm(pace) or quantities.DASH, _pace(pace) or quantities.DASH)
            for pace in one.paces
        ),
        tuple((figure.name[0].upper() + figure.name[1:], _figure(figure)) for figure in one.figures),
        f"{100 * one.confidence:.0f} %",
        _PLACES.get(one.kind),
    )


def race_rows(predictions: list[Prediction]) -> tuple[tuple[str, str, str, str], ...]:
    """Return (distance, time, pace, from which to which time) of each race."""
    rows = []
    for one in predictions:
        span = f"{quantities.duration(one.shortest_s)} to {quantities.duration(one.longest_s)}"
        pace = quantities.rate(one.distance_m / one.duration_s, "running").value
        rows.append((distance_name(one.distance_m, "running"), quantities.duration(one.duration_s), pace, span))
    return tuple(rows)


def capacity_lines(capacity: Capacity | None, form: RaceForm | None, resting: RestingTrend | None) -> tuple[Line, ...]:
    """Return the lines of VO2max, VDOT and the resting heart rate that are known."""
    lines: list[Line] = []
    if capacity is not None:
        runs = f"{capacity.runs} run{'' if capacity.runs == 1 else 's'}"
        note = f"ml/kg/min, estimated from speed and heart rate of {runs} in six weeks, ± 10 % and more"
        lines.append(("vo2max", "VO2max", f"{capacity.ml_kg_min:.0f}", note))
    if form is not None:
        effort = f"{distance_name(form.distance_m, 'running')} in {quantities.duration(form.duration_s)}"
        lines.append(("vdot", "VDOT", f"{form.vdot:.1f}", f"by {effort}, {_day(form.day)} (Daniels)"))
    if resting is not None:
        more = resting.recent_bpm - resting.usual_bpm
        note = f"mean of three days; {more:+.0f} bpm against the 28 days before".replace("-", "−")
        lines.append(("resting", "Resting heart rate", f"{resting.recent_bpm:.0f} bpm", note))
    return tuple(lines)


def _session(session: Session, today: int) -> str:
    when = {today: "Today", today + 1: "Tomorrow"}.get(session.day, f"{date.fromordinal(session.day):%A}")
    parts = [f"{when}: {session.sport}, {quantities.duration(session.duration_s)}"]
    if session.distance_m is not None:
        parts.append(str(quantities.distance(session.distance_m)))
    parts += [said for said in (_bpm(session), _pace(session)) if said]
    return " · ".join(parts)


def _bpm(one: Session | Pace) -> str:
    return "" if one.heart_rate_bpm is None else f"{one.heart_rate_bpm[0]}–{one.heart_rate_bpm[1]} bpm"


def _pace(one: Session | Pace) -> str:
    if one.pace_s_km is None:
        return ""
    fast, slow = (quantities.duration(int(seconds + 0.5)) for seconds in one.pace_s_km)
    return f"{fast}–{slow} /km"


def _figure(figure: Figure) -> str:
    if figure.unit == "s":
        return quantities.duration(figure.value)
    if figure.unit == "m" and figure.value >= 1000:
        return str(quantities.distance(figure.value))
    return f"{amount(figure.value)} {figure.unit}".strip().replace("-", "−")


def _day(day: int) -> str:
    moment = date.fromordinal(day)
    return f"{moment.day} {moment:%b %Y}"
