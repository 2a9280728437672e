"""What is said after a workout: two or three sentences, each of which follows from figures that are here. Pure.

The sentences stand in a fixed order of what matters; the first three that are true are said. Nothing is praised or
blamed that the figures do not tell.
"""

from collections.abc import Iterator
from itertools import islice

from paceline_server.activities.model import Activity
from paceline_server.analysis.beside_history import Beside
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.splits import SPLIT_M
from paceline_server.stats.judgement import Judgement
from paceline_server.words import quantities
from paceline_server.words.quantities import distance_name

MOST = 3
LEAST_BEFORE = 5  # workouts of the sport, before one is the longest of them
STEADY_DRIFT, MUCH_DRIFT = 0.05, 0.08
LEAST_SPLITS, EVEN = 4, 0.02
BETTER = 0.03
MUCH_LOAD, LITTLE_LOAD = 1.5, 0.6
MOSTLY = 0.75
_TOLD = {"running": "run", "walking": "walk", "hiking": "hike", "cycling": "ride", "swimming": "swim"}
_ORDINALS = {1: "first", 2: "second", 3: "third"}


def feedback(activity: Activity, findings: Findings, judged: Judgement, beside: Beside) -> tuple[str, ...]:
    """Return the sentences."""
    return tuple(islice(_sentences(activity, findings, judged, beside), MOST))


def _sentences(activity: Activity, findings: Findings, judged: Judgement, beside: Beside) -> Iterator[str]:
    noun = _TOLD.get(activity.sport, "workout")
    yield from _bests(activity.sport, beside)
    if beside.before >= LEAST_BEFORE and activity.sport in _TOLD and activity.distance_m > beside.longest_before_m > 0:
        yield f"It was your longest {noun} so far: {quantities.distance(activity.distance_m)}."
    elif beside.before >= LEAST_BEFORE and activity.moving_time_s > beside.longest_before_s > 0:
        yield f"It was your longest {noun} in time so far: {quantities.duration(activity.moving_time_s)}."
    yield from _load(beside)
    yield from _heart(findings, beside)
    yield from _halves(activity)
    yield from _zones(judged)
    yield _week(beside)
    yield _plain(activity)


def _bests(sport: str, beside: Beside) -> Iterator[str]:
    if beside.bettered:
        best = max(beside.bettered, key=lambda one: one.distance_m)
        name, faster = distance_name(best.distance_m, sport), best.before_s - best.duration_s
        when = "your fastest" if best.stands else "at the time your fastest"
        gain = quantities.duration(faster) if faster >= 60 else f"{faster:.0f} s" if faster >= 1 else "under a second"
        yield f"It was {when} {name}: {quantities.duration(best.duration_s)}, {gain} faster than before."


def _load(beside: Beside) -> Iterator[str]:
    if beside.load is None or not beside.usual_load:
        return
    times = beside.load / beside.usual_load
    if times >= MUCH_LOAD:
        yield f"Its load was {times:.1f} times what is usual for you, so the next one may be easy."
    elif times <= LITTLE_LOAD:
        yield f"It was a light one: {100 * times:.0f} % of the load that is usual for you."


def _heart(findings: Findings, beside: Beside) -> Iterator[str]:
    if beside.capacity is not None and beside.usual_capacity is not None:
        more = beside.capacity / beside.usual_capacity - 1
        if abs(more) >= BETTER:
            word = "faster" if more > 0 else "slower"
            yield f"For the same heart rate you were about {abs(100 * more):.0f} % {word} than in the six weeks before."
    if findings.drift is None:
        return
    if findings.drift >= MUCH_DRIFT:
        yield f"Your heart rate drifted by {100 * findings.drift:.0f} %: heat, thirst or a fast start do that."
    elif abs(findings.drift) < STEADY_DRIFT:
        yield f"Your heart rate stayed with your speed to the end ({100 * findings.drift:+.0f} %).".replace("-", "−")


def _halves(activity: Activity) -> Iterator[str]:
    whole = [one for one in activity.splits if one.distance_m >= SPLIT_M - 1 and one.moving_time_s > 0]
    if activity.sport not in ("running", "cycling") or len(whole) < LEAST_SPLITS:
        return
    half = len(whole) // 2
    first, second = (sum(one.moving_time_s for one in part) / half for part in (whole[:half], whole[-half:]))
    faster = first / second - 1
    if abs(faster) < EVEN:
        yield "Both halves were equally fast."
    else:
        yield f"The second half was {abs(100 * faster):.0f} % {'faster' if faster > 0 else 'slower'} than the first."


def _zones(judged: Judgement) -> Iterator[str]:
    whole = sum(seconds for _, seconds in judged.zones)
    if whole <= 0:
        return
    easy, hard = (sum(seconds for _, seconds in part) / whole for part in (judged.zones[:3], judged.zones[4:]))
    if easy >= MOSTLY:
        yield f"{100 * easy:.0f} % of it was easy, below the third heart-rate zone."
    elif hard >= 1 - MOSTLY:
        yield f"{100 * hard:.0f} % of it was in the heart-rate zones 4 and 5."


def _week(beside: Beside) -> str:
    number = _ORDINALS.get(beside.in_week, f"{beside.in_week}th")
    sum_of = f", with {quantities.distance(beside.week_m)} in all" if beside.week_m >= 10 and beside.in_week > 1 else ""
    return f"It was the {number} workout of that week{sum_of}."


def _plain(activity: Activity) -> str:
    time = quantities.duration(activity.moving_time_s)
    way = f" and covered {quantities.distance(activity.distance_m)}" if activity.distance_m >= 10 else ""
    return f"You moved for {time}{way}."
