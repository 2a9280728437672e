"""SQL of the duplicates. Every statement names the owner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from paceline_server.activities.model import ACTIVITIES, FINISHED, Activity
from paceline_server.analysis.same_workout import Same, may_be_same
from paceline_server.analysis.side_by_side import LARGEST_SHIFT_S, SHIFT_S
from paceline_server.duplicates.model import ACTIVITY_GROUPS, ACTIVITY_PAIRS, MERGED, OWNER, Group, Pair
from paceline_server.events import store as events
from paceline_server.events.declared import ACTIVITY_OVERLAPS
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone
from paceline_server.users import store as users

_P, _G, _A = ACTIVITY_PAIRS.c, ACTIVITY_GROUPS.c, ACTIVITIES.c

LONGEST_S = 2 * 86400.0  # one that began before and lasts longer is not found
MOST = 40  # of one activity: who has more of the same time is no person
# Each file that comes asks these.
_NEAR = Prepared(
    select(_A.activity_id, _A.start_utc_s, _A.duration_s).where(
        _A.owner_id == bindparam("owner"),
        _A.start_utc_s >= bindparam("first"),
        _A.start_utc_s <= bindparam("last"),
        _A.status == FINISHED,
        _A.source_key.not_like(f"{MERGED}%"),
    )
)
# One statement for each of the two indexes: of an OR only one would be used.
_PAIRS = tuple(
    Prepared(select(ACTIVITY_PAIRS).where(_P.owner_id == bindparam("owner"), side == bindparam("activity")))
    for side in (_P.one_id, _P.other_id)
)


def tell_overlap(connection: Connection, activity: Activity) -> bool:
    """Have an activity that was stored compared with those that share its time; False when there are none."""
    if not may_stand(activity) or not (
        around(connection, activity) or pairs_of(connection, activity.owner_id, activity.activity_id)
    ):
        return False
    events.emit(connection, ACTIVITY_OVERLAPS, activity.owner_id, activity.activity_id, activity.updated_at_s)
    return True


def may_stand(activity: Activity) -> bool:
    """Tell whether this is a recording that can be compared: finished, and not put together of others."""
    return activity.status == FINISHED and not activity.source_key.startswith(MERGED)


def around(connection: Connection, activity: Activity) -> list[str]:
    """Return the ids of the owner's recordings that may be of the same workout by their times."""
    found = near(connection, activity.owner_id, activity.start_utc_s, activity.duration_s)
    return [each for each in found if each != activity.activity_id][:MOST]


def near(connection: Connection, owner_id: str, start_s: float, duration_s: float) -> list[str]:
    """Return the ids of the owner's recordings that may be of a workout of these times, the nearest start first."""
    first_s, last_s = span(start_s, duration_s)
    found = [
        row
        for row in _NEAR.rows(connection, owner=owner_id, first=first_s, last=last_s)
        if may_be_same(start_s, duration_s, row.start_utc_s, row.duration_s)
    ]
    found.sort(key=lambda row: (abs(row.start_utc_s - start_s), row.activity_id))
    return [row.activity_id for row in found]


def span(start_s: float, duration_s: float) -> tuple[float, float]:
    """Return between which starts recordings lie that may be of a workout of these times."""
    away_s = LARGEST_SHIFT_S + SHIFT_S
    return start_s - max(LONGEST_S, away_s), start_s + max(duration_s, away_s)


def every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, activity) of all recordings that share time with another one."""
    for user in users.everybody(connection):
        yield from ((user.owner_id, activity_id) for activity_id in _overlapping(connection, user.owner_id))


def _overlapping(connection: Connection, owner_id: str) -> list[str]:
    query = select(_A.activity_id, _A.start_utc_s, _A.duration_s).where(
        _A.owner_id == owner_id, _A.status == FINISHED, _A.source_key.not_like(f"{MERGED}%")
    )
    rows = sorted(connection.execute(query), key=lambda row: row.start_utc_s)
    found: dict[str, None] = {}
    for place, row in enumerate(rows):
        for other in rows[place + 1 :]:
            if other.start_utc_s - row.start_utc_s > max(row.duration_s, LARGEST_SHIFT_S + SHIFT_S):
                break
            if may_be_same(row.start_utc_s, row.duration_s, other.start_utc_s, other.duration_s):
                found |= {row.activity_id: None, other.activity_id: None}
    return list(found)


def pairs_of(connection: Connection, owner_id: str, activity_id: str) -> list[Pair]:
    """Return what was said of an activity and others."""
    rows = [row for side in _PAIRS for row in side.rows(connection, owner=owner_id, activity=activity_id)]
    found = {(row.one_id, row.other_id): row for row in rows}
    return [_pair(found[key]) for key in sorted(found)]


def pairs_of_all(connection: Connection, owner_id: str, activity_ids: Sequence[str]) -> list[Pair]:
    """Return what was said of any of some activities and others, each pair once."""
    query = select(ACTIVITY_PAIRS).where(_P.owner_id == owner_id)
    sides = (_P.one_id.in_(activity_ids), _P.other_id.in_(activity_ids))
    found = {(row.one_id, row.other_id): row for side in sides for row in connection.execute(query.where(side))}
    return [_pair(found[key]) for key in sorted(found)]


def say(connection: Connection, owner_id: str, pairs: Iterable[Pair]) -> None:
    """Keep what is said of pairs; what the rule says does not replace what the owner said."""
    alone(connection, owner_id, "duplicates")
    for pair in pairs:
        here = and_(_P.owner_id == owner_id, _P.one_id == pair.one_id, _P.other_id == pair.other_id)
        held = connection.execute(select(_P.said_by).where(here)).scalar_one_or_none()
        if held == OWNER and pair.said_by != OWNER:
            continue
        connection.execute(delete(ACTIVITY_PAIRS).where(here))
        values = {"one_id": pair.one_id, "other_id": pair.other_id, "same": str(pair.same), "said_by": pair.said_by}
        rest = {"reasons": list(pair.reasons), "stamp": pair.stamp}
        connection.execute(insert(ACTIVITY_PAIRS).values(owner_id=owner_id, **values, **rest))


def group_of(connection: Connection, owner_id: str, shown_id: str) -> Group | None:
    """Return the group that an activity is shown for."""
    query = select(ACTIVITY_GROUPS).where(_G.owner_id == owner_id, _G.shown_id == shown_id)
    row = connection.execute(query).one_or_none()
    return _group(row) if row is not None else None


def groups_near(connection: Connection, owner_id: str, activity_id: str) -> list[Group]:
    """Return the groups that an activity is shown for, or that is called by it."""
    return groups_near_all(connection, owner_id, (activity_id,))


def groups_near_all(connection: Connection, owner_id: str, activity_ids: Sequence[str]) -> list[Group]:
    """Return the groups that any of some activities is shown for, or that are called by one."""
    query = select(ACTIVITY_GROUPS).where(_G.owner_id == owner_id)
    sides = (_G.shown_id.in_(activity_ids), _G.group_id.in_(activity_ids))
    found = {row.group_id: _group(row) for side in sides for row in connection.execute(query.where(side))}
    return [found[group_id] for group_id in sorted(found)]


def behind(connection: Connection, owner_id: str, shown_id: str) -> list[str]:
    """Return the ids of the activities that stand behind one; one that waits to be shown stands behind itself."""
    return behind_all(connection, owner_id, (shown_id,))


def behind_all(connection: Connection, owner_id: str, shown_ids: Sequence[str]) -> list[str]:
    """Return the ids of the activities that stand behind any of some."""
    query = select(_A.activity_id).where(_A.owner_id == owner_id, _A.behind.in_(shown_ids), _A.behind != _A.activity_id)
    return sorted(connection.execute(query).scalars())


def keep(connection: Connection, owner_id: str, group: Group, now_s: float) -> None:
    """Let a group be so."""
    drop(connection, owner_id, group.group_id)
    connection.execute(
        insert(ACTIVITY_GROUPS).values(
            owner_id=owner_id,
            group_id=group.group_id,
            shown_id=group.shown_id,
            merged=group.merged,
            choices=dict(group.choices),
            used=dict(group.used),
            made_of=group.made_of,
            updated_at_s=now_s,
        )
    )


def drop(connection: Connection, owner_id: str, group_id: str) -> None:
    """Let a group be no more."""
    connection.execute(delete(ACTIVITY_GROUPS).where(_G.owner_id == owner_id, _G.group_id == group_id))


def choose(connection: Connection, owner_id: str, group_id: str, choices: Mapping[str, str]) -> None:
    """Let a group's streams be from these activities, the others by the rule."""
    here = and_(_G.owner_id == owner_id, _G.group_id == group_id)
    connection.execute(update(ACTIVITY_GROUPS).where(here).values(choices=dict(choices), made_of=""))


def look_again(connection: Connection, owner_id: str, activity_ids: Iterable[str], now_s: float) -> None:
    """Have activities put in order with those that they are the same as."""
    for activity_id in dict.fromkeys(activity_ids):
        events.emit(connection, ACTIVITY_OVERLAPS, owner_id, activity_id, now_s)


def tell_gone(connection: Connection, owner_id: str, activity_id: str, now_s: float) -> None:
    """Have the others of its group put in order, as this activity is gone."""
    pairs = pairs_of(connection, owner_id, activity_id)
    partners = [pair.partner_of(activity_id) for pair in pairs if pair.same is Same.YES]
    look_again(connection, owner_id, [*partners, *behind(connection, owner_id, activity_id)], now_s)


def forget(connection: Connection, owner_id: str, activity_id: str) -> None:
    """Forget all that was said of an activity that is gone for good."""
    for side in (_P.one_id == activity_id, _P.other_id == activity_id):
        connection.execute(delete(ACTIVITY_PAIRS).where(_P.owner_id == owner_id, side))
    connection.execute(delete(ACTIVITY_GROUPS).where(_G.owner_id == owner_id, _G.shown_id == activity_id))


def _pair(row: Any) -> Pair:
    return Pair(row.one_id, row.other_id, Same(row.same), row.said_by, tuple(row.reasons), row.stamp)


def _group(row: Any) -> Group:
    return Group(row.group_id, row.shown_id, row.merged, row.choices, row.used, row.made_of)
