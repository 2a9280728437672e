"""Rules of gear: what there can be, and what it did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from paceline_server.activities import store as activities
from paceline_server.analysis.history import History
from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.gear import store
from paceline_server.gear.model import MOST_USUAL, Gear, Usual
from paceline_server.gear.wear import Assignment, Wear, wear_of
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.ids import new_id
from paceline_server.stats.derivation import local_day
from paceline_server.stats.service import StatsService


@dataclass(frozen=True, slots=True)
class WornGear:
    """A piece of gear and what it did."""

    gear: Gear
    wear: Wear


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen for an activity, and what is used: because it was chosen, or because it is usual."""

    gear: list[Gear]
    used: frozenset[str]
    chosen: bool


class GearService:
    """An owner's gear; `notify` wakes who tells of what is worn out."""

    def __init__(
        self,
        database: Database,
        stats: StatsService,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        notify: Callable[[], None],
    ) -> None:
        self._database = database
        self._stats = stats
        self._clock = clock
        self._random_bytes = random_bytes
        self._notify = notify

    async def add(self, owner_id: str, fields: Mapping[str, object]) -> tuple[WornGear, bool]:
        """Add a piece of gear of the fields of Gear, or return the one of this client id; and whether it is new."""
        now_s = self._clock()
        blank = Gear(
            owner_id,
            new_id(now_s, self._random_bytes),
            None,
            "other",
            "",
            None,
            None,
            None,
            0,
            0,
            None,
            None,
            None,
            now_s,
        )
        gear = replace(blank, **fields)
        await self._check(gear)
        kept, fresh = await self._database.write(store.add, gear)
        self._notify()
        return await self.get(owner_id, kept.gear_id), fresh

    async def list_for(self, owner_id: str) -> list[WornGear]:
        """Return an owner's gear, in the order in which it was added."""
        history = await self._stats.history(owner_id)
        return await self._database.read(_worn, owner_id, history)

    async def get(self, owner_id: str, gear_id: str) -> WornGear:
        """Return a piece of gear; NotFoundError when there is none."""
        for found in await self.list_for(owner_id):
            if found.gear.gear_id == gear_id:
                return found
        raise _absent()

    async def change(
        self, owner_id: str, gear_id: str, changes: Mapping[str, object], condition: Condition = ANY
    ) -> WornGear:
        """Change fields of Gear; NotFoundError when there is none."""
        before = await self._database.read(store.get, owner_id, gear_id)
        if before is None:
            raise _absent()
        await self._check(replace(before, **changes))
        if await self._database.write(store.change, owner_id, gear_id, changes, self._clock(), condition) is None:
            raise _absent()
        self._notify()
        return await self.get(owner_id, gear_id)

    async def remove(self, owner_id: str, gear_id: str, condition: Condition = ANY) -> None:
        """Delete a piece of gear; NotFoundError when there is none."""
        if not await self._database.write(store.remove, owner_id, gear_id, condition):
            raise _absent()

    async def usual(self, owner_id: str) -> list[Usual]:
        """Return what is usual for sports from which days on."""
        return await self._database.read(store.usual, owner_id)

    async def set_usual(self, owner_id: str, rows: Sequence[Usual], condition: Condition = ANY) -> None:
        """Let this be all that is usual; InvalidError for gear that is not there, and for a day that is told twice.

        PreconditionError when what was is not what the condition demands.
        """
        if len(rows) > MOST_USUAL:
            raise InvalidError("field", f"usual has at most {MOST_USUAL} rows.", field="usual")
        if len({(one.sport, one.from_day) for one in rows}) != len(rows):
            raise InvalidError("field", "A sport has one gear from a day on.", field="usual")
        await self._check_there(owner_id, [one.gear_id for one in rows if one.gear_id is not None], "usual")
        await self._database.write(store.set_usual, owner_id, rows, self._clock(), condition)
        self._notify()

    async def choose(self, owner_id: str, activity_ids: Sequence[str], gear_ids: Sequence[str] | None) -> None:
        """Let activities have been done with this gear, None: with the usual one; all of them or none."""
        await self._check_there(owner_id, gear_ids or (), "gear_ids")
        absent = await self._database.write(store.choose, owner_id, activity_ids, gear_ids, self._clock())
        if absent:
            raise InvalidError("field", f"There is no activity {absent[0]}.", field="activity_ids")
        self._notify()

    async def of_activity(self, owner_id: str, activity_id: str) -> tuple[tuple[str, ...], bool]:
        """Return the gear of an activity and whether it was chosen; NotFoundError when there is no such activity."""
        history = await self._stats.history(owner_id)
        return await self._database.read(_of_activity, owner_id, activity_id, history)

    async def for_activity(self, owner_id: str, activity_id: str) -> Choice | None:
        """Return what an owner may choose for an activity, None when there is no gear; NotFoundError as of_activity."""
        there = await self._database.read(store.every, owner_id)
        if not there:
            return None
        used, chosen = await self.of_activity(owner_id, activity_id)
        # A part goes with what it is part of.
        gear = [one for one in there if one.gear_id in used or (one.part_of is None and one.retired_on is None)]
        return Choice(gear, frozenset(used), chosen)

    async def _check(self, gear: Gear) -> None:
        if gear.part_of is not None:
            if gear.kind != "part" or gear.part_of == gear.gear_id:
                raise InvalidError("field", "Only a part is part of something else.", field="part_of")
            whole = await self._database.read(store.get, gear.owner_id, gear.part_of)
            if whole is None or whole.kind == "part":
                raise InvalidError("field", "There is no such gear that can have parts.", field="part_of")
        if gear.used_from is not None and gear.retired_on is not None and gear.retired_on < gear.used_from:
            raise InvalidError("field", "Gear is retired on or after the day of its first use.", field="retired_on")

    async def _check_there(self, owner_id: str, gear_ids: Sequence[str], name: str) -> None:
        there = {one.gear_id for one in await self._database.read(store.every, owner_id)}
        for gear_id in gear_ids:
            if gear_id not in there:
                raise InvalidError("field", f"There is no gear {gear_id}.", field=name)


def _worn(connection: Connection, owner_id: str, history: History) -> list[WornGear]:
    gear = store.every(connection, owner_id)
    if not gear:
        return []
    assignment = Assignment(store.choices(connection, owner_id), store.usual(connection, owner_id))
    wear = wear_of(gear, assignment, history)
    return [WornGear(one, wear[one.gear_id]) for one in gear]


def _of_activity(
    connection: Connection, owner_id: str, activity_id: str, history: History
) -> tuple[tuple[str, ...], bool]:
    found = activities.get(connection, owner_id, activity_id)
    if found is None:
        raise NotFoundError("not_found", "There is no such activity, or it is not yours.")
    choices = store.choices(connection, owner_id)
    day = local_day(found.start_utc_s, 0)  # of one that is under way
    if activity_id in history.activity_ids:
        day = int(history.day[history.activity_ids.index(activity_id)])
    there = {one.gear_id for one in store.every(connection, owner_id)}
    used = Assignment(choices, store.usual(connection, owner_id)).of(activity_id, found.sport, day)
    return tuple(one for one in used if one in there), activity_id in choices


def _absent() -> NotFoundError:
    return NotFoundError("not_found", "There is no such gear, or it is not yours.")
