"""Rules of the duplicates: what an owner sees of a group, and says of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from paceline_server.activities import store as activities
from paceline_server.activities.model import Activity
from paceline_server.activities.service import absent
from paceline_server.analysis.same_workout import Same
from paceline_server.duplicates import store
from paceline_server.duplicates.model import OWNER, Group, Pair, pair_of
from paceline_server.duplicates.previewing import can_join
from paceline_server.errors import ConflictError
from paceline_server.events.declared import DUPLICATES
from paceline_server.events.model import Turn, WorkedOff
from paceline_server.platform.database import Connection, Database

FARTHEST_S = 36 * 3600.0  # between the starts of recordings of one workout
PATIENCE_S = 10.0  # an answer waits so long for the group to be in order; then it follows


@dataclass(frozen=True, slots=True)
class Together:
    """The recordings of one workout, the activity shown for them, and what was said of them and of others."""

    shown: Activity
    group: Group | None
    members: tuple[Activity, ...]
    proposed: tuple[Activity, ...]
    pairs: tuple[Pair, ...]

    @property
    def ids(self) -> list[str]:
        """The recordings' ids."""
        return [one.activity_id for one in self.members]


class DuplicateService:
    """An owner's groups; `worked_off` waits for who puts them in order."""

    def __init__(self, database: Database, clock: Callable[[], float], worked_off: WorkedOff) -> None:
        self._database = database
        self._clock = clock
        self._worked_off = worked_off

    async def get(self, owner_id: str, activity_id: str) -> Together:
        """Return what an activity stands with; NotFoundError when there is none."""
        found = await self._database.read(together, owner_id, activity_id)
        if found is None:
            raise absent()
        return found

    async def noticed(self, owner_id: str, activity_id: str) -> tuple[int, int]:
        """Return how many recordings a workout has, and how many others may be of it: for a notice."""
        return await self._database.read(_noticed, owner_id, activity_id)

    async def change(
        self,
        owner_id: str,
        activity_id: str,
        join: Sequence[str] = (),
        part: Sequence[str] = (),
        streams: Mapping[str, str | None] = MappingProxyType({}),
    ) -> Together:
        """Let activities be of one workout, or each of its own; return how it stands then.

        `streams`: which recording to take a stream from, None by the rule. NotFoundError when one is not there,
        ConflictError when it cannot be of the same workout, or a stream is to be of what is not of the group.
        """
        said = await self._database.write(_say, owner_id, activity_id, join, part, streams, self._clock())
        for each in said:
            await self._worked_off(Turn(owner_id, DUPLICATES, each), PATIENCE_S)
        kept = next((each for each in said if each not in part), said[0]) if said else activity_id
        return await self.get(owner_id, kept)


def _noticed(connection: Connection, owner_id: str, activity_id: str) -> tuple[int, int]:
    alone = not store.pairs_of(connection, owner_id, activity_id) and not store.behind(
        connection, owner_id, activity_id
    )
    found = None if alone else together(connection, owner_id, activity_id)
    return (1, 0) if found is None else (len(found.members), len(found.proposed))


def together(connection: Connection, owner_id: str, activity_id: str) -> Together | None:
    """Return what an activity stands with, None when it is not there."""
    shown = activities.get(connection, owner_id, activity_id)
    if shown is not None and shown.behind is not None:
        shown = activities.get(connection, owner_id, shown.behind) or shown
    if shown is None:
        return None
    group = store.group_of(connection, owner_id, shown.activity_id)
    ids = store.behind(connection, owner_id, shown.activity_id)
    ids += [shown.activity_id] if store.may_stand(shown) or not ids else []
    pairs = {(each.one_id, each.other_id): each for one in ids for each in store.pairs_of(connection, owner_id, one)}
    others = sorted({each for pair in pairs for each in pair} - set(ids))
    there = {each: activities.get(connection, owner_id, each) for each in (*ids, *others)}
    perhaps = {each for (one, other), pair in pairs.items() for each in (one, other) if pair.same is Same.PERHAPS}
    members = sorted((one for each in ids if (one := there[each])), key=lambda one: (one.created_at_s, one.activity_id))
    return Together(
        shown,
        group,
        tuple(members),
        tuple(one for each in others if each in perhaps and (one := there[each])),
        tuple(pair for (one, other), pair in pairs.items() if there[one] and there[other]),
    )


def _say(
    connection: Connection,
    owner_id: str,
    activity_id: str,
    join: Sequence[str],
    part: Sequence[str],
    streams: Mapping[str, str | None],
    now_s: float,
) -> list[str]:
    """Keep what the owner says; return what is to be put in order."""
    here = together(connection, owner_id, activity_id)
    if here is None:
        raise absent()
    added = [_recording(connection, owner_id, each) for each in join]
    said = [_joined(here.members[0], one) for one in added if one.activity_id not in here.ids]
    ids = [*here.ids, *(one.activity_id for one in added)]
    for each in dict.fromkeys(part):
        alone = _recording(connection, owner_id, each).activity_id
        said += [pair_of(alone, other, Same.NO, OWNER) for other in dict.fromkeys(ids) if other != alone]
    store.say(connection, owner_id, said)
    touched = [each for pair in said for each in (pair.one_id, pair.other_id)]
    if streams:
        _choose(connection, owner_id, here, streams)
        touched.append(here.members[0].activity_id)
    touched = sorted(dict.fromkeys(touched), key=lambda each: each != here.members[0].activity_id)
    store.look_again(connection, owner_id, touched, now_s)
    return touched


def _choose(connection: Connection, owner_id: str, here: Together, streams: Mapping[str, str | None]) -> None:
    if here.group is None:
        raise ConflictError("one", "There is one recording of this workout: nothing can be chosen.", field="streams")
    choices = dict(here.group.choices) | {name: value for name, value in streams.items() if value is not None}
    for name, value in streams.items():
        if value is None:
            choices.pop(name, None)
        elif value not in here.ids:
            raise ConflictError("not_of_it", "That is no recording of this workout.", field=f"streams.{name}")
    store.choose(connection, owner_id, here.group.group_id, choices)


def _joined(one: Activity, other: Activity) -> Pair:
    if abs(one.start_utc_s - other.start_utc_s) > FARTHEST_S:
        raise ConflictError("far", "Recordings of one workout begin within 36 hours.", field="join")
    if not can_join(one, other):
        raise ConflictError("no_rows", "What was entered by hand cannot be a part of a workout.", field="join")
    return pair_of(one.activity_id, other.activity_id, Same.YES, OWNER)


def _recording(connection: Connection, owner_id: str, activity_id: str) -> Activity:
    """Return an activity, or the first of those that it was put together of."""
    activity = activities.get(connection, owner_id, activity_id)
    if activity is None:
        raise absent()
    if store.may_stand(activity):
        return activity
    members = store.behind(connection, owner_id, activity_id)
    first = activities.get(connection, owner_id, members[0]) if members else None
    if first is None:
        raise ConflictError("live", "This workout is not finished.", field="join")
    return first
