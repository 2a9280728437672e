"""Rules of the ingest: append durably, then acknowledge the position; any repetition, one result."""

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from paceline_server.devices.service import DeviceService
from paceline_server.errors import ConflictError, InvalidError
from paceline_server.journals import store
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.missing import Range, between, containing, missing_after, within
from paceline_server.journals.model import PAGE_SIZE, Journal, JournalRef
from paceline_server.platform.database import Database, Record

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

    async def position(self, owner_id: str, device_id: str, epoch: int) -> int:
        """Return up to where a journal is held, but for its gaps; 0 when nothing is."""
        await self._devices.owned(owner_id, device_id)
        journal = await self._database.read(store.get, JournalRef(owner_id, device_id, epoch))
        return journal.held_position if journal is not None else 0

    async def append(
        self, owner_id: str, device_id: str, epoch: int, position: int, data: bytes, *, gap: bool = False
    ) -> int:
        """Take the bytes from `position` on; return up to where the journal is then held, durably.

        That is the end, or where the next bytes are missing. `gap` declares that what is missing before `position`, a
        page's start, is gone for ever; should it come after all, it is taken. ConflictError "gap" (expected_position)
        when bytes before are missing, "differs" (position) when bytes that are held were sent anew with another value;
        both change nothing.
        """
        await self._devices.owned(owner_id, device_id)
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
        for low, high in between(missing, position, min(end, journal.held_position)):
            at = self._files.first_difference(ref, low, data[low - position : high - position])
            if at is not None:
                raise ConflictError("differs", f"Byte {at} is held with another value.", position=at)
        late = within(missing, position, end)
        for low, high in [*late, *within([(journal.held_position, held)], position, end)]:
            self._files.write(ref, low, data[low - position : high - position])
        reached = missing_after(missing, position, end, held)
        if not late and held == journal.held_position:
            return (reached, False), None
        first, now_s = journal.start_position, self._clock()
        return (reached, True), lambda connection: store.merge(connection, ref, late, first, held, now_s)


def _check_place(journal: Journal, missing: list[Range], position: int) -> None:
    """Raise ConflictError when bytes at the position would hang in the air: only a page can be read on its own."""
    held = journal.held_position
    if position > held:
        raise ConflictError("gap", f"The journal is held up to {held}.", expected_position=held)
    hole = containing(missing, position)
    if hole is not None and position != hole[0] and position % PAGE_SIZE:
        raise ConflictError("gap", f"Bytes {hole[0]} to {hole[1]} are missing.", expected_position=hole[0])
