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
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

MOST = 3
LEAST_BEFORE = 5  # workouts of the sport, before one is the longest of them
STEADY_DRIFT, MUCH_DRIFT = 0.05, 0.08
LEAST_SPLITS, EVEN = 4, 0.02
BETTER = 0.03
MUCH_LOAD, LITTLE_LOAD = 1.5, 0.6
MOSTLY = 0.75
_LONGEST = {
    "running": N_("It was your longest run so far: %(far)s."),
    "walking": N_("It was your longest walk so far: %(far)s."),
    "hiking": N_("It was your longest hike so far: %(far)s."),
    "cycling": N_("It was your longest ride so far: %(far)s."),
    "swimming": N_("It was your longest swim so far: %(far)s."),
}
_LONGEST_IN_TIME = {
    "running": N_("It was your longest run in time so far: %(time)s."),
    "walking": N_("It was your longest walk in time so far: %(time)s."),
    "hiking": N_("It was your longest hike in time so far: %(time)s."),
    "cycling": N_("It was your longest ride in time so far: %(time)s."),
    "swimming": N_("It was your longest swim in time so far: %(time)s."),
}
_ORDINALS = {1: N_("first"), 2: N_("second"), 3: N_("third")}


def feedback(activity: Activity, findings: Findings, judged: Judgement, beside: Beside) -> tuple[str, ...]:
    """Return the sentences."""
    return tuple(islice(_sentences(activity, findings, judged, beside), MOST))


def _sentences(activity: Activity, findings: Findings, judged: Judgement, beside: Beside) -> Iterator[str]:
    yield from _bests(activity.sport, beside)
    if (
        beside.before >= LEAST_BEFORE
        and activity.sport in _LONGEST
        and activity.distance_m > beside.longest_before_m > 0
    ):
        yield _(_LONGEST[activity.sport], far=quantities.distance(activity.distance_m))
    elif beside.before >= LEAST_BEFORE and activity.moving_time_s > beside.longest_before_s > 0:
        longest = _LONGEST_IN_TIME.get(activity.sport, N_("It was your longest workout in time so far: %(time)s."))
        yield _(longest, time=quantities.duration(activity.moving_time_s))
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
        gain = (
            quantities.duration(faster) if faster >= 60 else f"{faster:.0f} s" if faster >= 1 else _("under a second")
        )
        told = {"name": name, "time": quantities.duration(best.duration_s), "gain": gain}
        if best.stands:
            yield _("It was your fastest %(name)s: %(time)s, %(gain)s faster than before.", **told)
        else:
            yield _("It was at the time your fastest %(name)s: %(time)s, %(gain)s faster than before.", **told)


def _load(beside: Beside) -> Iterator[str]:
    if beside.load is None or not beside.usual_load:
        return
    times = beside.load / beside.usual_load
    if times >= MUCH_LOAD:
        said = quantities.number(times, 1)
        yield _("Its load was %(times)s times what is usual for you, so the next one may be easy.", times=said)
    elif times <= LITTLE_LOAD:
        yield _("It was a light one: %(part)s %% of the load that is usual for you.", part=f"{100 * times:.0f}")


def _heart(findings: Findings, beside: Beside) -> Iterator[str]:
    if beside.capacity is not None and beside.usual_capacity is not None:
        more = beside.capacity / beside.usual_capacity - 1
        if abs(more) >= BETTER:
            part = f"{abs(100 * more):.0f}"
            if more > 0:
                yield _("For the same heart rate you were about %(n)s %% faster than in the six weeks before.", n=part)
            else:
                yield _("For the same heart rate you were about %(n)s %% slower than in the six weeks before.", n=part)
    if findings.drift is None:
        return
    if findings.drift >= MUCH_DRIFT:
        drift = f"{100 * findings.drift:.0f}"
        yield _("Your heart rate drifted by %(n)s %%: heat, thirst or a fast start do that.", n=drift)
    elif abs(findings.drift) < STEADY_DRIFT:
        drift = quantities.signed(100 * findings.drift)
        yield _("Your heart rate stayed with your speed to the end (%(n)s %%).", n=drift)


def _halves(activity: Activity) -> Iterator[str]:
    whole = [one for one in activity.splits if one.distance_m >= SPLIT_M - 1 and one.moving_time_s > 0]
    if activity.sport not in ("running", "cycling") or len(whole) < LEAST_SPLITS:
        return
    half = len(whole) // 2
    first, second = (sum(one.moving_time_s for one in part) / half for part in (whole[:half], whole[-half:]))
    faster = first / second - 1
    if abs(faster) < EVEN:
        yield _("Both halves were equally fast.")
    elif faster > 0:
        yield _("The second half was %(n)s %% faster than the first.", n=f"{100 * faster:.0f}")
    else:
        yield _("The second half was %(n)s %% slower than the first.", n=f"{-100 * faster:.0f}")


def _zones(judged: Judgement) -> Iterator[str]:
    whole = sum(seconds for _, seconds in judged.zones)
    if whole <= 0:
        return
    easy, hard = (sum(seconds for _, seconds in part) / whole for part in (judged.zones[:3], judged.zones[4:]))
    if easy >= MOSTLY:
        yield _("%(n)s %% of it was easy, below the third heart-rate zone.", n=f"{100 * easy:.0f}")
    elif hard >= 1 - MOSTLY:
        yield _("%(n)s %% of it was in the heart-rate zones 4 and 5.", n=f"{100 * hard:.0f}")


def _week(beside: Beside) -> str:
    number = _("%(n)sth", n=beside.in_week)
    if beside.in_week in _ORDINALS:
        number = _(_ORDINALS[beside.in_week])
    if beside.week_m < 10 or beside.in_week == 1:
        return _("It was the %(number)s workout of that week.", number=number)
    far = quantities.distance(beside.week_m)
    return _("It was the %(number)s workout of that week, with %(far)s in all.", number=number, far=far)


def _plain(activity: Activity) -> str:
    time = quantities.duration(activity.moving_time_s)
    if activity.distance_m < 10:
        return _("You moved for %(time)s.", time=time)
    return _("You moved for %(time)s and covered %(far)s.", time=time, far=quantities.distance(activity.distance_m))
