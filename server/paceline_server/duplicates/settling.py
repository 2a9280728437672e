"""The outbox's handler: compares an activity with those of its time, and brings its group up to date. Blocks."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from paceline_server.activities import store as activities
from paceline_server.activities.intake import ActivityIntake, Incoming
from paceline_server.activities.model import Activity
from paceline_server.analysis.metrics import VERSION as METRICS_VERSION
from paceline_server.duplicates import store
from paceline_server.duplicates.comparing import judged
from paceline_server.duplicates.grouping import claims, components, primary_of
from paceline_server.duplicates.making import Source, incoming_of, planned, said_of
from paceline_server.duplicates.model import MERGED, OWNER, RULE, Group, Pair, pair_of
from paceline_server.duplicates.standing import Change, Standing, settle, standing_of
from paceline_server.duplicates.taping import taped
from paceline_server.events import store as events
from paceline_server.events.declared import ACTIVITY_COUNTED
from paceline_server.journals.model import journal_of
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Database, Write
from paceline_server.platform.ids import new_id

VERSION = 2  # of the comparison: raise it when it says something else, and everything is compared anew
ATTEMPTS = 20


class Settler:
    """Finds duplicates and keeps groups; done twice, it changes nothing."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        apart: Apart,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        intake: ActivityIntake,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._apart = apart
        self._clock = clock
        self._random_bytes = random_bytes
        self._intake = intake
        self._lock = threading.Lock()

    def look(self, owner_id: str, activity_id: str, write: Write) -> None:
        """Compare an activity and put its group in order; then those hear of it who count."""
        self._compare(owner_id, activity_id)
        with self._lock:  # members of one group have turns of their own
            self._settle(owner_id, activity_id)
        write(events.emit, ACTIVITY_COUNTED, owner_id, "all", self._clock())

    def _settle(self, owner_id: str, activity_id: str) -> None:
        for _ in range(ATTEMPTS):
            standing = self._database.read_now(standing_of, owner_id, activity_id)
            change = self._change(owner_id, standing)
            if self._database.write_now(settle, owner_id, activity_id, standing, change, self._clock()):
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
            if _of_one_wearable(activity, other):
                continue
            stamp = _stamp(activity, other)
            if before is not None and before.stamp == stamp:
                continue
            verdict = self._apart.run(judged, taped(self._blobs, activity), taped(self._blobs, other))
            said.append(pair_of(activity_id, other_id, verdict.same, RULE, verdict.reasons, stamp))
        if said:
            self._database.write_now(store.say, owner_id, said)

    def _change(self, owner_id: str, standing: Standing) -> Change:
        behind: dict[str, str | None] = {}
        keep: list[Group] = []
        left = {group.group_id: group for group in standing.groups}
        found = [[standing.activities[each] for each in ids] for ids in components(standing.activities, standing.pairs)]
        several = [members for members in found if len(members) > 1]
        claimed = claims(several, standing.groups)
        behind |= {members[0].activity_id: None for members in found if len(members) == 1}
        for members, before in zip(several, claimed, strict=True):
            if before is not None:
                del left[before.group_id]
            group = self._group(owner_id, members, before)
            keep.append(group)
            ids = [one.activity_id for one in members]
            behind |= {each: None if each == group.shown_id else group.shown_id for each in ids}
        return Change(behind, tuple(keep), tuple(left.values()))

    def _group(self, owner_id: str, members: Sequence[Activity], before: Group | None) -> Group:
        """Return the group as it is to be; an activity that is put together is made, and waits to be shown."""
        primary = primary_of(members)
        group = before or Group(self._new_id(owner_id, members), primary.activity_id)
        stamp = _made_of(members, primary, group)
        sources: list[Source] = []
        if group.made_of != stamp:
            sources = [self._source(one) for one in members]
            used, more = self._apart.run(planned, sources, primary.activity_id, dict(group.choices))
            group = replace(group, used=used, merged=more or group.merged, made_of=stamp)
        if not group.merged:
            return replace(group, shown_id=primary.activity_id)
        source_key = f"{MERGED}{group.group_id}"

        def make() -> Incoming:
            parts = sources or [self._source(one) for one in members]
            used = {stream: str(each["from"]) for stream, each in group.used.items()}
            said = said_of(members, primary)
            return self._apart.run(incoming_of, parts, used, primary.activity_id, said, primary.edits.crop_s)

        self._intake.take(owner_id, source_key, stamp[:48], make)
        made, gone = self._database.read_now(activities.standing, owner_id, source_key)
        if gone:  # it was deleted, and recordings of it came back: this is another group
            return self._group(owner_id, members, None)
        if made is None:
            raise RuntimeError("the activity that was put together is not there")
        return replace(group, shown_id=made.activity_id)

    def _new_id(self, owner_id: str, members: Sequence[Activity]) -> str:
        """Return a recording's id that calls no group and called none that was deleted: who comes twice calls it so."""
        for each in sorted(one.activity_id for one in members):
            near = self._database.read_now(store.groups_near, owner_id, each)
            _, gone = self._database.read_now(activities.standing, owner_id, f"{MERGED}{each}")
            if not gone and all(group.group_id != each for group in near):
                return each
        return new_id(self._clock(), self._random_bytes)

    def _source(self, activity: Activity) -> Source:
        assert activity.recorded is not None
        return Source(activity.activity_id, taped(self._blobs, activity), activity.recorded)


def _made_of(members: Sequence[Activity], primary: Activity, group: Group) -> str:
    said = [(one.activity_id, one.telemetry_sha256, one.recorded) for one in members]
    made = (VERSION, METRICS_VERSION, primary.activity_id, said, sorted(group.choices.items()))
    return hashlib.sha256(repr(made).encode()).hexdigest()


def _of_one_wearable(one: Activity, other: Activity) -> bool:
    """Tell whether one wearable recorded both, one after the other: however alike, they are two workouts."""
    journals = [journal_of(each.owner_id, each.source_key) for each in (one, other)]
    return len({journal.device_id for journal in journals if journal is not None}) == 1 and None not in journals


def _stamp(one: Activity, other: Activity) -> str:
    first, second = sorted((one, other), key=lambda each: each.activity_id)
    said = [(each.telemetry_sha256, each.sport, each.start_utc_s, each.duration_s) for each in (first, second)]
    return hashlib.sha256(repr((VERSION, said)).encode()).hexdigest()
