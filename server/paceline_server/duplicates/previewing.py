"""What would come of two activities that somebody joins, from their figures alone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from paceline_server.activities.model import ActivitySummary
from paceline_server.analysis.put_together import PART

NEAREST = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """`in_a_row`: the two are parts of one workout, with `pause_s` between them; else they are of the same time.

    Durations and distances in a row are added up; of the same time nothing is: each stream is from one of them.
    """

    in_a_row: bool
    duration_s: float
    distance_m: float
    pause_s: float


def preview(one: ActivitySummary, other: ActivitySummary) -> Preview:
    """Return what two activities would be together, by the measure of `put_together`."""
    common_s = -_apart_s(one, other)
    in_a_row = common_s <= 0 or common_s < PART * min(one.duration_s, other.duration_s)
    if not in_a_row:
        longer = max(one, other, key=lambda each: each.duration_s)
        return Preview(in_a_row, longer.duration_s, max(one.distance_m, other.distance_m), 0.0)
    duration_s = one.duration_s + other.duration_s - max(0.0, common_s)
    return Preview(in_a_row, duration_s, one.distance_m + other.distance_m, max(0.0, -common_s))


def can_join(one: ActivitySummary, other: ActivitySummary) -> bool:
    """Whether something can be made of two: parts of a workout need rows, which what was entered by hand has not."""
    return min(one.points_count, other.points_count) > 1 or not preview(one, other).in_a_row


def nearest(shown: ActivitySummary, others: Iterable[ActivitySummary]) -> list[ActivitySummary]:
    """Return those that may be joined with an activity, the one with the least time between them first."""
    found = [one for one in others if one.status == shown.status and can_join(shown, one)]
    found.sort(key=lambda one: (max(0.0, _apart_s(shown, one)), abs(one.start_utc_s - shown.start_utc_s)))
    return found[:NEAREST]


def _apart_s(one: ActivitySummary, other: ActivitySummary) -> float:
    """Seconds between the end of the first and the start of the second; negative for those they share."""
    ends_s = (one.start_utc_s + one.duration_s, other.start_utc_s + other.duration_s)
    return max(one.start_utc_s, other.start_utc_s) - min(ends_s)
