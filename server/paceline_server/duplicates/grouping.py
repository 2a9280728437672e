"""Which activities are one workout, and which of them is shown; pure."""

from collections.abc import Iterable, Sequence

from paceline_server.activities.model import Activity
from paceline_server.analysis.same_workout import Same
from paceline_server.duplicates.model import Group, Pair


def components(activity_ids: Iterable[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """Return what pairs that are the same connect, the largest first; every id is in one of them."""
    group = {activity_id: [activity_id] for activity_id in sorted(activity_ids)}
    for pair in pairs:
        one, other = group.get(pair.one_id), group.get(pair.other_id)
        if pair.same is Same.YES and one is not None and other is not None and one is not other:
            one += other
            group |= dict.fromkeys(other, one)
    unlike = {id(each): sorted(each) for each in group.values()}
    return sorted(unlike.values(), key=lambda each: (-len(each), each))


def claims(found: Sequence[Sequence[Activity]], groups: Iterable[Group]) -> list[Group | None]:
    """Return for each set of activities the group that it goes on with: one that it is shown by, else called by."""
    left = sorted(groups, key=lambda group: group.group_id)
    claimed: list[Group | None] = [None] * len(found)
    for by_name in (False, True):
        for place, members in enumerate(found):
            ids = {one.activity_id for one in members}
            shown = ids | {one.behind for one in members}
            mine = [each for each in left if (each.group_id in ids if by_name else each.shown_id in shown)]
            if claimed[place] is None and mine:
                claimed[place] = mine[0]
                left.remove(mine[0])
    return claimed


def primary_of(activities: Sequence[Activity]) -> Activity:
    """Return the one that tells most: seconds with position, heart rate and altitude, then laps; else the first made.

    It follows from the activities alone, so that a rebuild chooses the same.
    """
    longest_s = max(1.0, *(one.duration_s for one in activities))
    return min(activities, key=lambda one: (-_worth(one, longest_s), one.created_at_s, one.activity_id))


def _worth(activity: Activity, longest_s: float) -> float:
    if activity.points_count < 2:
        return -1.0
    quality = activity.findings.quality if activity.findings is not None else None
    told = (quality.position + quality.heart_rate) if quality is not None else 0.0
    told += 0.5 * (activity.ascent_m is not None) + 0.2 * (len(activity.laps) > 1) + 0.2 * bool(activity.sets)
    own = activity.recorded is not None and activity.recorded.own_distance
    worth = (told + 0.5 + 0.2 * own) * activity.duration_s / longest_s
    return round(10 * worth) / 10  # what differs by less is alike
