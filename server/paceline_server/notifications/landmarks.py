"""Which personal bests and milestones are news; pure.

Only what lately done workouts brought about is: an import of old ones, or a first look at somebody's history, tells
nothing.
"""

from collections.abc import Mapping, Sequence

from paceline_server.analysis.history import Best, History
from paceline_server.training.achievements import Achievement, Mark, achievements

STEPS_A_DAY = (10_000, 15_000, 20_000, 30_000, 50_000)
TOTALS: Mapping[str, Sequence[float]] = {
    "distance": tuple(1000.0 * km for km in (100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000)),
    "count": (10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000),
}
"""Metric of the history → its landmarks, in its unit (m, workouts), rising."""
TOLD_AS_TOTALS = frozenset({"distance", "workouts"})  # rules of achievements about the same


def new_bests(history: History, since_s: float) -> dict[str, list[tuple[str, float, Best, Best]]]:
    """Return by activity the bests that stand, were set since then and beat an earlier one.

    They are (sport, metres, the best, the one before).
    """
    found: dict[str, list[tuple[str, float, Best, Best]]] = {}
    for (sport, metres), each in history.bests.items():
        if len(each) > 1 and each[-1].start_utc_s >= since_s:
            found.setdefault(each[-1].activity_id, []).append((sport, metres, each[-1], each[-2]))
    return found


def totals_passed(history: History, since_s: float, today: int) -> dict[str, float]:
    """Return by metric the highest landmark that the total of all sports has passed since then."""
    known = history.until(today)
    earlier = known & (history.start_utc_s < since_s)
    found: dict[str, float] = {}
    for metric, marks in TOTALS.items():
        mark = highest_passed(marks, history.total(metric, earlier), history.total(metric, known))
        if mark is not None:
            found[metric] = mark
    return found


def marks_reached(history: History, today: int, since_day: int) -> list[tuple[Achievement, Mark]]:
    """Return the achievements of which a mark was reached since a day, each with the highest of those."""
    found: list[tuple[Achievement, Mark]] = []
    for one in achievements(history, today):
        late = [mark for mark in one.marks if mark.day is not None and mark.day >= since_day]
        if late and one.rule.name not in TOLD_AS_TOTALS:
            found.append((one, max(late, key=lambda mark: mark.value)))
    return found


def highest_passed(marks: Sequence[float], before: float, after: float) -> float | None:
    """Return the highest of rising marks that lies over `before` and not over `after`."""
    return max((mark for mark in marks if before < mark <= after), default=None)
