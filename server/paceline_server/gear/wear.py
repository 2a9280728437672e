"""Which gear an activity was done with, and what all gear has done; pure.

It is reckoned from the activities that there are, so that edits, deletions and restored ones need no bookkeeping.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from paceline_server.analysis.history import History
from paceline_server.gear.model import Gear, Usual

Choices = Mapping[str, Sequence[str]]
"""Activity → the gear that was chosen for it."""


@dataclass(frozen=True, slots=True)
class Wear:
    """What a piece of gear did by activities, and with what it had done before."""

    activities: int
    distance_m: float
    time_s: float
    total_distance_m: float
    total_time_s: float

    def worn(self, gear: Gear) -> float | None:
        """Return how much of the limit that is nearest is used up, 1 for all of it; None without limits."""
        parts = [
            total / limit
            for total, limit in (
                (self.total_distance_m, gear.distance_limit_m),
                (self.total_time_s, gear.time_limit_s),
            )
            if limit
        ]
        return max(parts, default=None)


class Assignment:
    """Says which gear an activity was done with."""

    def __init__(self, choices: Choices, usual: Iterable[Usual]) -> None:
        self._choices = choices
        self._usual: defaultdict[str, list[tuple[int, str | None]]] = defaultdict(list)
        for one in usual:
            self._usual[one.sport].append((_number(one.from_day), one.gear_id))
        for of_sport in self._usual.values():
            of_sport.sort(key=lambda one: one[0])

    def of(self, activity_id: str, sport: str, day: int) -> tuple[str, ...]:
        """Return what was chosen, else what was usual for the sport on that day (as date.toordinal() counts)."""
        chosen = self._choices.get(activity_id)
        if chosen is not None:
            return tuple(chosen)
        of_sport = self._usual.get(sport, [])
        place = bisect_right([from_day for from_day, _ in of_sport], day) - 1
        gear_id = of_sport[place][1] if place >= 0 else None
        return () if gear_id is None else (gear_id,)


def wear_of(gear: Sequence[Gear], assignment: Assignment, history: History) -> dict[str, Wear]:
    """Return what each piece of gear did; exact."""
    parts: defaultdict[str, list[Gear]] = defaultdict(list)
    for one in gear:
        if one.part_of is not None:
            parts[one.part_of].append(one)
    sums = {one.gear_id: [0, 0, 0] for one in gear}
    columns = (history.sums["distance_cm"].tolist(), history.sums["moving_ms"].tolist())
    rows = zip(history.activity_ids, history.sport.tolist(), history.day.tolist(), *columns, strict=True)
    for activity_id, sport, day, distance_cm, moving_ms in rows:
        used = assignment.of(activity_id, history.sports[sport], day)
        worn = {gear_id for gear_id in used if gear_id in sums}
        worn |= {part.gear_id for gear_id in used for part in parts.get(gear_id, ()) if _in_use(part, day)}
        for gear_id in worn:
            mine = sums[gear_id]
            mine[0] += 1
            mine[1] += distance_cm
            mine[2] += moving_ms
    return {one.gear_id: _wear(one, *sums[one.gear_id]) for one in gear}


def _wear(gear: Gear, count: int, distance_cm: int, moving_ms: int) -> Wear:
    distance_m, time_s = distance_cm / 100, moving_ms / 1000
    return Wear(count, distance_m, time_s, gear.initial_distance_m + distance_m, gear.initial_time_s + time_s)


def _in_use(part: Gear, day: int) -> bool:
    begun = part.used_from is None or _number(part.used_from) <= day
    return begun and (part.retired_on is None or day <= _number(part.retired_on))


def _number(day: str) -> int:
    return date.fromisoformat(day).toordinal()
