"""What was found out about an activity, in words: zones, best efforts, load, and how sure the figures are."""

from collections.abc import Mapping
from dataclasses import dataclass

from paceline_server.activities.model import ActivitySummary
from paceline_server.analysis.best_efforts import MILE_M
from paceline_server.analysis.findings import Findings
from paceline_server.pages import quantities
from paceline_server.stats.judgement import Judgement

Line = tuple[str, str, str, str]
ORDER = ("load", "drift", "adjusted", "energy", "position", "heart")
_NAMES = {MILE_M / 2: "½ mile", MILE_M: "1 mile", 21_097.5: "Half marathon", 42_195.0: "Marathon"}


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone: its number (0 is below all zones), heart rates, time, and its part of the time with a heart rate."""

    number: int
    range: str
    time: str
    percent: int


@dataclass(frozen=True, slots=True)
class EffortRow:
    """A best effort: what was set, what came out, the rate, and when it began."""

    name: str
    value: str
    rate: str
    start: str


@dataclass(frozen=True, slots=True)
class EffortView:
    """`zones_note` says where the zones come from; lines are (key, name, value, note), the note may be ""."""

    zones: tuple[ZoneRow, ...]
    zones_note: str
    efforts: tuple[EffortRow, ...]
    lines: tuple[Line, ...]


def effort_view(
    activity: ActivitySummary, findings: Findings, judged: Judgement | None, hidden: frozenset[str] = frozenset()
) -> EffortView:
    """Say what was found out, leaving out what was not, or is hidden (activities/shown.py); others get no judgement."""
    efforts = effort_rows(findings, activity.sport)
    lines = _found(activity, findings, hidden)
    if judged is None:
        return EffortView((), "", efforts, tuple(lines.values()))
    note = "Estimated from your age." if judged.zones_estimated else "By the heart rates that you set."
    return EffortView(zone_rows(judged), note, efforts, _in_order(lines | _judged(activity, judged)))


def zone_rows(judged: Judgement) -> tuple[ZoneRow, ...]:
    """Make the rows, the highest zone first; below all zones only when time was spent there."""
    whole = sum(seconds for _, seconds in judged.zones)
    if whole <= 0:
        return ()
    rows = []
    for number, (floor, seconds) in enumerate(judged.zones):
        ends = [low for low, _ in judged.zones[number + 1 :]]
        span = f"{floor}–{ends[0] - 1}" if ends else f"from {floor}"
        if number == 0:
            span = f"below {ends[0]}"
        if number or seconds:
            rows.append(ZoneRow(number, span, quantities.duration(seconds), int(100 * seconds / whole + 0.5)))
    return tuple(reversed(rows))


def effort_rows(findings: Findings, sport: str) -> tuple[EffortRow, ...]:
    """Make the rows: usual distances, then usual times."""
    rows = []
    for effort in findings.efforts_by_distance:
        value = quantities.duration(effort.duration_s)
        rows.append((distance_name(effort.distance_m, sport), value, effort))
    for effort in findings.efforts_by_time:
        rows.append((f"{effort.duration_s / 60:.0f} min", str(quantities.distance(effort.distance_m)), effort))
    return tuple(
        EffortRow(
            name,
            value,
            quantities.rate(effort.distance_m / effort.duration_s, sport).value,
            quantities.duration(effort.start_s),
        )
        for name, value, effort in rows
        if effort.duration_s > 0
    )


def _in_order(lines: Mapping[str, Line]) -> tuple[Line, ...]:
    return tuple(lines[key] for key in ORDER if key in lines)


def _judged(activity: ActivitySummary, judged: Judgement) -> dict[str, Line]:
    lines: list[Line] = []
    if judged.impulse is not None:
        lines.append(("load", "Training load", quantities.count(judged.impulse), "training impulse (Banister)"))
    if activity.calories_kcal is None and judged.energy.kcal >= 1:
        said = f"{quantities.count(judged.energy.basal_kcal)} of them at rest"
        if judged.energy_assumed:
            said += "; for 35 years and 70 kg where yours are not known"
        lines.append(("energy", "Energy, estimated", str(quantities.whole(judged.energy.kcal, "kcal")), said))
    return {line[0]: line for line in lines}


def _found(activity: ActivitySummary, findings: Findings, hidden: frozenset[str]) -> dict[str, Line]:
    lines: list[Line] = []
    if findings.drift is not None:
        said = "heart rate for the same speed, second half against first"
        lines.append(("drift", "Heart-rate drift", f"{100 * findings.drift:+.1f} %".replace("-", "−"), said))
    adjusted_m = findings.grade_adjusted_m
    if activity.sport == "running" and adjusted_m is not None and adjusted_m >= 10 and activity.moving_time_s > 0:
        rate = quantities.rate(adjusted_m / activity.moving_time_s, activity.sport)
        lines.append(("adjusted", "Grade-adjusted pace", str(rate), "as hard on the flat (Minetti)"))
    if activity.distance_m >= 10 and findings.quality.position and "map" not in hidden:
        lines.append(("position", "Position known", _part(findings.quality.position), ""))
    if activity.heart_rate_avg_bpm is not None:
        lines.append(("heart", "Heart rate sure", _part(findings.quality.heart_rate), ""))
    return {line[0]: line for line in lines}


def distance_name(metres: float, sport: str) -> str:
    """Return what people call a distance: ½ mile, 5 km, Half marathon; metres in the pool."""
    if metres in _NAMES:
        return _NAMES[metres]
    miles = metres / MILE_M
    if miles == round(miles):
        return f"{miles:.0f} miles"
    return f"{metres:.0f} m" if metres < 1000 or sport == "swimming" else f"{metres / 1000:.0f} km"


def _part(value: float) -> str:
    """A part in whole per cent, rounded down: 100 % is all of it."""
    return f"{int(100 * value + 1e-6)} %"
