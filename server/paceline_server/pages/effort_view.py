"""What was found out about an activity, in words: zones, best efforts, load, and how sure the figures are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paceline_server.activities.fields import maxima_kg
from paceline_server.activities.model import Activity, ActivitySummary
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.strength import volume_kg
from paceline_server.analysis.stress import Stress
from paceline_server.analysis.stretches import Stretch
from paceline_server.analysis.swolf import swolf
from paceline_server.pages.split_view import stretch_of
from paceline_server.stats.judgement import Judgement
from paceline_server.words import quantities
from paceline_server.words.speech import gettext as _

Line = tuple[str, str, str, str]
ORDER = (
    "load",
    "stress",
    "drift",
    "adjusted",
    "power",
    "normalised",
    "estimated",
    "cadence",
    "step",
    "swolf",
    "lifted",
    "energy",
    "position",
    "climb",
    "heart",
)
MOST_MAXIMA = 6


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone: its number (0 is below all zones), heart rates, time, and its part of the time with a heart rate."""

    number: int
    range: str
    time: str
    percent: int


@dataclass(frozen=True, slots=True)
class EffortRow:
    """A best effort: what was set, what came out, the rate, when it began, and where it lies (split_view.SplitRow)."""

    name: str
    value: str
    rate: str
    start: str
    stretch: str


@dataclass(frozen=True, slots=True)
class EffortView:
    """`zones_note` says where the zones come from; lines are (key, name, value, note), the note may be "".

    `found` are stretches that nobody gave: key, name, and rows of number, beginning, time, kilometres, rate, bpm and
    where it lies.
    """

    zones: tuple[ZoneRow, ...]
    zones_note: str
    efforts: tuple[EffortRow, ...]
    lines: tuple[Line, ...]
    found: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...]


def effort_view(
    activity: Activity, findings: Findings, judged: Judgement | None, hidden: frozenset[str] = frozenset()
) -> EffortView:
    """Say what was found out, leaving out what was not, or is hidden (activities/shown.py); others get no judgement."""
    efforts = effort_rows(findings, activity.sport)
    found = tuple(
        (key, name, stretch_rows(stretches, activity.sport))
        for key, name, stretches in (
            ("intervals", _("Intervals, found"), findings.intervals),
            ("rounds", _("Rounds, found"), findings.rounds),
        )
        if stretches
    )
    lines = _found(activity, findings, hidden) | {line[0]: line for line in exercise_lines(activity)}
    if judged is None:
        return EffortView((), "", efforts, _in_order(lines), found)
    note = _("Estimated from your age.") if judged.zones_estimated else _("By the heart rates that you set.")
    return EffortView(zone_rows(judged), note, efforts, _in_order(lines | _judged(activity, judged)), found)


def zone_rows(judged: Judgement) -> tuple[ZoneRow, ...]:
    """Make the rows, the highest zone first; below all zones only when time was spent there."""
    whole = sum(seconds for _, seconds in judged.zones)
    if whole <= 0:
        return ()
    rows = []
    for number, (floor, seconds) in enumerate(judged.zones):
        ends = [low for low, _ in judged.zones[number + 1 :]]
        span = f"{floor}–{ends[0] - 1}" if ends else _("from %(bpm)s", bpm=floor)
        if number == 0:
            span = _("below %(bpm)s", bpm=ends[0])
        if number or seconds:
            rows.append(ZoneRow(number, span, quantities.duration(seconds), int(100 * seconds / whole + 0.5)))
    return tuple(reversed(rows))


def stretch_rows(stretches: Sequence[Stretch], sport: str) -> tuple[tuple[str, ...], ...]:
    """Make the rows of stretches."""
    return tuple(
        (
            str(number),
            quantities.duration(one.start_s),
            quantities.duration(one.end_s - one.start_s),
            quantities.distance(one.distance_m).value,
            quantities.rate(one.distance_m / (one.end_s - one.start_s), sport).value,
            quantities.whole(one.heart_rate_avg_bpm, "").value,
            stretch_of(one.start_s, one.end_s),
        )
        for number, one in enumerate(stretches, 1)
        if one.end_s > one.start_s
    )


def effort_rows(findings: Findings, sport: str) -> tuple[EffortRow, ...]:
    """Make the rows: usual distances, then usual times."""
    rows = []
    for effort in findings.efforts_by_distance:
        value = quantities.duration(effort.duration_s)
        rows.append((quantities.distance_name(effort.distance_m, sport), value, effort))
    for effort in findings.efforts_by_time:
        rows.append((f"{effort.duration_s / 60:.0f} min", str(quantities.distance(effort.distance_m)), effort))
    return tuple(
        EffortRow(
            name,
            value,
            quantities.rate(effort.distance_m / effort.duration_s, sport).value,
            quantities.duration(effort.start_s),
            stretch_of(effort.start_s, effort.start_s + effort.duration_s),
        )
        for name, value, effort in rows
        if effort.duration_s > 0
    )


def _in_order(lines: Mapping[str, Line]) -> tuple[Line, ...]:
    rank = {key: place for place, key in enumerate(ORDER)}
    return tuple(sorted(lines.values(), key=lambda line: rank[line[0].partition("-")[0]]))


def _judged(activity: ActivitySummary, judged: Judgement) -> dict[str, Line]:
    lines: list[Line] = []
    if judged.impulse is not None:
        lines.append(("load", _("Training load"), quantities.count(judged.impulse), _("training impulse (Banister)")))
    if judged.stress is not None:
        lines.append(_stressed(judged.stress))
    if judged.estimated_power_w is not None:
        said = _("of speed, climb and your mass, without wind; no power was measured")
        power = str(quantities.whole(judged.estimated_power_w, "W"))
        lines.append(("estimated", _("Mean power, estimated"), power, said))
    if activity.calories_kcal is None and judged.energy.kcal >= 1:
        said = _("%(kcal)s of them at rest", kcal=quantities.count(judged.energy.basal_kcal))
        if judged.energy_assumed:
            said += "; " + _("for 35 years and %(mass)s where yours are not known", mass=quantities.weight(70))
        lines.append(("energy", _("Energy, estimated"), str(quantities.whole(judged.energy.kcal, "kcal")), said))
    return {line[0]: line for line in lines}


def _stressed(stress: Stress) -> Line:
    intensity = f"{stress.intensity:.2f}"
    said = {
        "power": _("intensity %(intensity)s, by normalised power and your threshold", intensity=intensity),
        "pace": _("intensity %(intensity)s, by grade-adjusted pace and your threshold", intensity=intensity),
        "heart_rate": _("intensity %(intensity)s, by heart rate and your threshold", intensity=intensity),
    }
    return "stress", _("Training stress"), quantities.count(stress.score), said[stress.by]


def _found(activity: ActivitySummary, findings: Findings, hidden: frozenset[str]) -> dict[str, Line]:
    lines: list[Line] = []
    if findings.drift is not None:
        said = _("heart rate for the same speed, second half against first")
        lines.append(("drift", _("Heart-rate drift"), quantities.signed(100 * findings.drift, 1) + " %", said))
    adjusted_m = findings.grade_adjusted_m
    if activity.sport == "running" and adjusted_m is not None and adjusted_m >= 10 and activity.moving_time_s > 0:
        rate = quantities.rate(adjusted_m / activity.moving_time_s, activity.sport)
        lines.append(("adjusted", _("Grade-adjusted pace"), str(rate), _("as hard on the flat (Minetti)")))
    lines += _measured(activity, findings)
    if activity.distance_m >= 10 and findings.quality.position and "map" not in hidden:
        lines.append(("position", _("Position known"), _part(findings.quality.position), ""))
    if findings.by_tiles:
        said = (
            _("what was recorded, as the chart shows it, is rough")
            if findings.rough_altitude
            else _("no altitude was recorded")
        )
        lines.append(("climb", _("Ascent and descent"), _("from an elevation model"), said))
    if activity.heart_rate_avg_bpm is not None:
        lines.append(("heart", _("Heart rate sure"), _part(findings.quality.heart_rate), ""))
    return {line[0]: line for line in lines}


def _measured(activity: ActivitySummary, findings: Findings) -> list[Line]:
    lines: list[Line] = []
    power, cadence = findings.power, findings.cadence
    if power is not None:
        said = _("at most %(power)s", power=quantities.whole(power.highest_w, "W"))
        lines.append(("power", _("Mean power"), str(quantities.whole(power.mean_w, "W")), said))
        if power.normalised_w is not None:
            said = _("the even power that would have been as hard")
            lines.append(("normalised", _("Normalised power"), str(quantities.whole(power.normalised_w, "W")), said))
    if cadence is not None:
        unit = _("turns a minute") if activity.sport == "cycling" else _("a minute")
        name = _("Cadence") if activity.sport == "cycling" else _("Steps")
        lines.append(("cadence", name, str(quantities.whole(cadence.mean_spm, "")), unit))
        if cadence.step_m is not None:
            lines.append(("step", _("Length of a step"), str(quantities.step(cadence.step_m)), ""))
    return lines


def exercise_lines(activity: Activity) -> list[Line]:
    """Return the lines of a pool swim or a strength workout."""
    lines: list[Line] = []
    swum = swolf(activity.lengths)
    if swum is not None:
        said = _(
            "seconds and strokes of a length, %(n)s of them strokes", n=quantities.number(swum.strokes_a_length, 1)
        )
        lines.append(("swolf", "SWOLF", f"{swum.swolf:.0f}", said))
    lifted_kg = volume_kg((one.load_kg or 0.0, one.repetitions) for one in activity.sets)
    if lifted_kg > 0:
        lines.append(("lifted", _("Lifted in all"), str(quantities.weight(round(lifted_kg))), _("load × repetitions")))
    for exercise, kg in maxima_kg(activity.sets)[:MOST_MAXIMA]:
        said = _("what could be lifted once, estimated (Epley, Brzycki)")
        lines.append(
            (f"lifted-{exercise}", exercise.replace("_", " ").capitalize(), str(quantities.weight(round(kg))), said)
        )
    return lines


def _part(value: float) -> str:
    """A part in whole per cent, rounded down: 100 % is all of it."""
    return f"{int(100 * value + 1e-6)} %"
