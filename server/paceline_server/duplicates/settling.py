"""The outbox's handler: compares an activity with those of its time, and brings its group up to date. Blocks."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from paceline_server.activities import store as activities
from paceline_server.activities.model import Activity
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.analysis.same_workout import Same
from paceline_server.duplicates import store
from paceline_server.duplicates.comparing import Taped, judged
from paceline_server.duplicates.grouping import components, primary_of
from paceline_server.duplicates.model import OWNER, RULE, Group, Pair, pair_of
from paceline_server.events import store as events
from paceline_server.events.declared import ACTIVITY_COUNTED
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.platform.ids import new_id
from paceline_server.platform.turns import alone

VERSION = 1  # of the comparison: raise it when it says something else, and everything is compared anew
ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """Activities that are or were connected, what was said of them, and their groups."""

    activities: dict[str, Activity]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]

    @property
    def revisions(self) -> dict[str, int]:
        """What a change must find as it was."""
        return {activity_id: one.revision for activity_id, one in self.activities.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """What to do: which activity stands behind which (None: is shown), groups to keep and to drop."""

    behind: dict[str, str | None]
    keep: tuple[Group, ...]
    drop: tuple[Group, ...]


class Settler:
    """Finds duplicates and keeps groups; done twice, it changes nothing."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        apart: Apart,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._apart = apart
        self._clock = clock
        self._random_bytes = random_bytes

    def look(self, owner_id: str, activity_id: str, write: Write) -> None:
        """Compare an activity and put its group in order; then those hear of it who count."""
        self._compare(owner_id, activity_id)
        for _ in range(ATTEMPTS):
            standing = self._database.read_now(_standing, owner_id, activity_id)
            change = self._change(standing)
            if self._database.write_now(_settle, owner_id, standing.revisions, change, self._clock()):
                write(events.emit, ACTIVITY_COUNTED, owner_id, "all", self._clock())
                return
        raise RuntimeError("the activities change faster than they can be put in order")

    def _compare(self, owner_id: str, activity_id: str) -> None:
        activity = self._database.read_now(activities.get, owner_id, activity_id)
        if activity is None or not store.may_stand(activity):
            return
        held = {
            one.partner_of(activity_id): one for one in self._database.read_now(store.pairs_of, owner_id, activity_id)
        }
        around = self._database.read_now(store.around, activity)
        said: list[Pair] = []
        for other_id in dict.fromkeys([*around, *(each for each, pair in held.items() if pair.said_by == RULE)]):
            other = self._database.read_now(activities.get, owner_id, other_id)
            before = held.get(other_id)
            if other is None or not store.may_stand(other) or (before is not None and before.said_by == OWNER):
                continue
            stamp = _stamp(activity, other)
            if before is not None and before.stamp == stamp:
                continue
            verdict = self._apart.run(judged, self._taped(activity), self._taped(other))
            said.append(pair_of(activity_id, other_id, verdict.same, RULE, verdict.reasons, stamp))
        if said:
            self._database.write_now(store.say, owner_id, said)

    def _taped(self, activity: Activity) -> Taped:
        recorded = activity.recorded
        assert recorded is not None
        place = telemetry_place(activity.owner_id, activity.activity_id)
        blob = self._blobs.get(place, activity.telemetry_sha256) if activity.receipt.received else None
        entered = blob is None
        start_s = activity.start_utc_s if entered else recorded.start_utc_s
        return Taped(blob, activity.sport, activity.source, start_s, activity.duration_s)

    def _change(self, standing: Standing) -> Change:
        behind: dict[str, str | None] = {}
        keep: list[Group] = []
        left = {group.group_id: group for group in standing.groups}
        for ids in components(standing.activities, standing.pairs):
            members = [standing.activities[each] for each in ids]
            if len(members) == 1:
                behind[ids[0]] = None
                continue
            before = _group_before(members, left.values())
            if before is not None:
                del left[before.group_id]
            group = self._group(members, before)
            keep.append(group)
            behind |= {each: None if each == group.shown_id else group.shown_id for each in ids}
        return Change(behind, tuple(keep), tuple(left.values()))

    def _group(self, members: Sequence[Activity], before: Group | None) -> Group:
        group_id = before.group_id if before is not None else new_id(self._clock(), self._random_bytes)
        shown_id = primary_of(members).activity_id
        return replace(before, shown_id=shown_id) if before is not None else Group(group_id, shown_id)


def _stamp(one: Activity, other: Activity) -> str:
    first, second = sorted((one, other), key=lambda each: each.activity_id)
    said = [(each.telemetry_sha256, each.sport, each.start_utc_s, each.duration_s) for each in (first, second)]
    return hashlib.sha256(repr((VERSION, said)).encode()).hexdigest()


def _group_before(members: Sequence[Activity], groups: Iterable[Group]) -> Group | None:
    shown = {one.activity_id for one in members} | {one.behind for one in members}
    found = [group for group in groups if group.shown_id in shown]
    return min(found, key=lambda group: group.group_id, default=None)


def _standing(connection: Connection, owner_id: str, activity_id: str) -> Standing:
    """Return all that hangs together with an activity, by what was said or by how it stands."""
    found: dict[str, Activity] = {}
    pairs: dict[tuple[str, str], Pair] = {}
    groups: dict[str, Group] = {}
    waiting, seen = [activity_id], {activity_id}
    while waiting:
        each = waiting.pop()
        connected = store.behind(connection, owner_id, each)
        group = store.group_of(connection, owner_id, each)
        if group is not None:
            groups[group.group_id] = group
        for pair in store.pairs_of(connection, owner_id, each):
            pairs[pair.one_id, pair.other_id] = pair
            if pair.same is Same.YES:
                connected.append(pair.partner_of(each))
        activity = activities.get(connection, owner_id, each)
        if activity is not None and store.may_stand(activity):
            found[each] = activity
            if activity.behind is not None:
                connected.append(activity.behind)
        waiting += [other for other in connected if other not in seen]
        seen |= set(connected)
    return Standing(found, tuple(pairs.values()), tuple(groups.values()))


def _settle(connection: Connection, owner_id: str, seen: dict[str, int], change: Change, now_s: float) -> bool:
    """Do what is to be done; False, and nothing done, when an activity is not as it was seen."""
    alone(connection, owner_id, "duplicates")
    held = {each: activities.get(connection, owner_id, each) for each in seen}
    if any(one is None or one.revision != seen[each] for each, one in held.items()):
        return False
    for group in change.drop:
        store.drop(connection, owner_id, group.group_id)
    for group in change.keep:
        store.keep(connection, owner_id, group, now_s)
    for activity_id, behind in change.behind.items():
        activity = held[activity_id]
        if activity is not None and activity.behind != behind:
            activities.stand(connection, activity, behind)
    return True
