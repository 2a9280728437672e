"""Rules of the ingest: append durably, then acknowledge the position; any repetition, one result."""

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from paceline_server.devices.service import DeviceService
from paceline_server.errors import ConflictError, InvalidError
from paceline_server.journals import store
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.missing import Range, between, containing, missing_after, within
from paceline_server.journals.model import PAGE_SIZE, Journal, JournalRef, JournalStanding, Quarantined
from paceline_server.platform.database import Connection, Database, Record

POSITION_LIMIT = 1 << 32


class JournalService:
    """Holds the journals of claimed devices; only their owner may write or ask. `notify` hears that one has grown."""

    def __init__(
        self,
        database: Database,
        files: JournalFiles,
        devices: DeviceService,
        *,
        notify: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._files = files
        self._devices = devices
        self._notify = notify
        self._clock = clock
        self._locks: WeakValueDictionary[JournalRef, asyncio.Lock] = WeakValueDictionary()
        self._appending: set[asyncio.Task[int]] = set()

    async def may_bring(self, owner_id: str, device_id: str) -> None:
        """Raise what `append` would to somebody who may not write to the device's journals."""
        await self._devices.carried(owner_id, device_id)

    async def position(self, owner_id: str, device_id: str, epoch: int) -> int:
        """Return up to where a journal is held, but for its gaps; 0 when nothing is. For who carries."""
        await self._devices.carried(owner_id, device_id)
        journal = await self._database.read(store.get, JournalRef(owner_id, device_id, epoch))
        return journal.held_position if journal is not None else 0

    async def wanted(self, owner_id: str, device_id: str, epoch: int) -> list[Range]:
        """Return what is missing of a journal or in quarantine, in order: other bytes for it are taken."""
        return await self._database.read(_wanted, JournalRef(owner_id, device_id, epoch))

    async def standing(self, owner_id: str, device_id: str) -> list[JournalStanding]:
        """Return where all journals of an owner's device stand, the newest first; NotFoundError for another's."""
        await self._devices.owned(owner_id, device_id)
        return await self._database.read(_standing, owner_id, device_id)

    async def append(
        self, owner_id: str, device_id: str, epoch: int, position: int, data: bytes, *, gap: bool = False
    ) -> int:
        """Take the bytes from `position` on; return up to where the journal is then held, durably.

        That is the end, or where the next bytes are missing. `gap` declares that what is missing before `position`, a
        page's start, is gone for ever; should it come after all, it is taken. ConflictError "gap" (expected_position)
        when bytes before are missing, "differs" (position) when bytes that are held were sent anew with another value;
        both change nothing.
        """
        await self._devices.carried(owner_id, device_id)
        if gap and position % PAGE_SIZE:
            raise InvalidError("position", "Behind a gap the bytes begin at a page.", field="position")
        if position + len(data) > POSITION_LIMIT:
            raise InvalidError("position", "A position lies below 2^32.", field="position")
        # A task of its own: a client that hangs up must not leave a write half way between file and database.
        appending = asyncio.create_task(self._append_alone(JournalRef(owner_id, device_id, epoch), position, data, gap))
        self._appending.add(appending)
        appending.add_done_callback(self._appending.discard)
        return await asyncio.shield(appending)

    async def _append_alone(self, ref: JournalRef, position: int, data: bytes, gap: bool) -> int:
        # Here appends to one journal wait without a thread; those of other processes then wait in store.locked.
        lock = self._locks.setdefault(ref, asyncio.Lock())
        async with lock:
            held, grown = await self._database.between(
                lambda journal: self._append(ref, journal, position, data, gap), store.locked, ref
            )
        if grown:
            self._notify()
        return held

    def _append(
        self, ref: JournalRef, journal: Journal | None, position: int, data: bytes, gap: bool
    ) -> tuple[tuple[int, bool], Record | None]:
        """Write to the file; return up to where the journal is held, whether it grew, and what records that."""
        if journal is None:
            if position % PAGE_SIZE:
                raise ConflictError(
                    "gap", "Nothing of this epoch is held; its first range begins at a page.", expected_position=0
                )
            if not data:
                return (0, False), None
            journal = Journal(ref, position, position, position, position)
        over_gap = gap and position > journal.held_position
        if not over_gap:
            return self._merge(journal, position, data)
        if not data:
            return (journal.held_position, False), None
        held, now_s = position + len(data), self._clock()
        self._files.write(ref, position, data)
        lost = (journal.held_position, position)
        return (held, True), lambda connection: store.advance_over_gap(connection, ref, lost, held, now_s)

    def _merge(self, journal: Journal, position: int, data: bytes) -> tuple[tuple[int, bool], Record | None]:
        """Compare what is held already, write what is missing."""
        ref, end, held = journal.ref, position + len(data), max(journal.held_position, position + len(data))
        below = position < journal.held_position
        missing = self._database.read_now(store.missing, ref) if below else []
        _check_place(journal, missing, position)
        suspect = self._database.read_now(store.quarantined, ref) if below else []
        ranges = [(one.from_position, one.to_position) for one in suspect]
        fixed: list[Range] = []
        for low, high in between(missing, position, min(end, journal.held_position)):
            for first, last in between(ranges, low, high):
                at = self._files.first_difference(ref, first, data[first - position : last - position])
                if at is not None:
                    raise ConflictError("differs", f"Byte {at} is held with another value.", position=at)
            fixed += within(ranges, low, high)
        fixed = [
            part for part in fixed if self._is_news(ref, suspect, part, data[part[0] - position : part[1] - position])
        ]
        late = within(missing, position, end)
        for low, high in [*late, *fixed, *within([(journal.held_position, held)], position, end)]:
            self._files.write(ref, low, data[low - position : high - position])
        reached = missing_after(missing, position, end, held)
        if not late and not fixed and held == journal.held_position:
            return (reached, False), None
        first, now_s = journal.start_position, self._clock()

        def record(connection: Connection) -> None:
            store.merge(connection, ref, late, first, held, now_s)
            for part in fixed:
                store.replaced(connection, ref, part, now_s)

        return (reached, True), record

    def _is_news(self, ref: JournalRef, suspect: list[Quarantined], part: Range, data: bytes) -> bool:
        """Tell whether bytes for a part in quarantine are others than those that were judged.

        What lies in the file may be so already, by a request that was cut off before it was recorded.
        """
        if self._files.first_difference(ref, part[0], data) is not None:
            return True
        one = next(one for one in suspect if one.from_position <= part[0] < one.to_position)
        return self._files.digest(ref, one.from_position, one.to_position) != one.sha256


def _wanted(connection: Connection, ref: JournalRef) -> list[Range]:
    suspect = [(one.from_position, one.to_position) for one in store.quarantined(connection, ref)]
    return sorted([*store.missing(connection, ref), *suspect])


def _standing(connection: Connection, owner_id: str, device_id: str) -> list[JournalStanding]:
    found: list[JournalStanding] = []
    for ref in store.of_device(connection, owner_id, device_id):
        journal = store.get(connection, ref)
        if journal is not None:
            gaps, suspect = store.gaps(connection, ref), store.quarantined(connection, ref)
            found.append(JournalStanding(journal, gaps, suspect))
    return sorted(found, key=lambda one: one.journal.updated_at_s, reverse=True)


def _check_place(journal: Journal, missing: list[Range], position: int) -> None:
    """Raise ConflictError when bytes at the position would hang in the air: only a page can be read on its own."""
    held = journal.held_position
    if position > held:
        raise ConflictError("gap", f"The journal is held up to {held}.", expected_position=held)
    hole = containing(missing, position)
    if hole is not None and position != hole[0] and position % PAGE_SIZE:
        raise ConflictError("gap", f"Bytes {hole[0]} to {hole[1]} are missing.", expected_position=hole[0])
