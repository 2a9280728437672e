"""Rules of the ingest: append durably, then acknowledge the position; any repetition, one result."""

import asyncio
from collections.abc import Callable
from typing import Protocol
from weakref import WeakValueDictionary

from paceline_server.devices.service import DeviceService
from paceline_server.errors import ConflictError, InvalidError
from paceline_server.journals import store
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.model import PAGE_SIZE, Journal, JournalRef
from paceline_server.platform.database import Database, Record

POSITION_LIMIT = 1 << 32


class Worker(Protocol):
    """Makes activities of what was appended, in its own time."""

    def notify(self, ref: JournalRef) -> None:
        """Say that a journal has grown."""


class JournalService:
    """Holds the journals of claimed devices; only their owner may write or ask."""

    def __init__(
        self,
        database: Database,
        files: JournalFiles,
        devices: DeviceService,
        *,
        worker: Worker,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._files = files
        self._devices = devices
        self._worker = worker
        self._clock = clock
        self._locks: WeakValueDictionary[JournalRef, asyncio.Lock] = WeakValueDictionary()
        self._appending: set[asyncio.Task[int]] = set()

    async def position(self, owner_id: str, device_id: str, epoch: int) -> int:
        """Return up to where a journal is held; 0 when nothing is."""
        await self._devices.owned(owner_id, device_id)
        journal = await self._database.read(store.get, JournalRef(owner_id, device_id, epoch))
        return journal.held_position if journal is not None else 0

    async def append(
        self, owner_id: str, device_id: str, epoch: int, position: int, data: bytes, *, gap: bool = False
    ) -> int:
        """Take the bytes from `position` on; return up to where the journal is then held, durably.

        `gap` declares that what is missing before `position`, a page's start, is gone for ever. ConflictError "gap"
        (expected_position) when bytes between are missing, "gone" (from, to, expected_position) when bytes come that
        were declared gone, "differs" (position) when bytes that are held were sent anew with another value; all of
        them change nothing.
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
            self._worker.notify(ref)
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
        new = data if over_gap else self._new_bytes(journal, position, data)
        if not new:
            return (journal.held_position, False), None
        start = position if over_gap else journal.held_position
        held = start + len(new)
        self._files.write(ref, start, new)
        now_s = self._clock()
        if over_gap:
            lost = (journal.held_position, position)
            return (held, True), lambda connection: store.advance_over_gap(connection, ref, lost, held, now_s)
        first = journal.start_position
        return (held, True), lambda connection: store.advance(connection, ref, first, held, now_s)

    def _new_bytes(self, journal: Journal, position: int, data: bytes) -> bytes:
        held = journal.held_position
        if position > held or position < journal.start_position:
            raise ConflictError("gap", f"The journal is held up to {held}.", expected_position=held)
        again = data[: held - position]
        for lost_from, lost_to in self._database.read_now(store.gaps, journal.ref) if again else ():
            if position < lost_to and lost_from < position + len(again):
                message = f"Bytes {lost_from} to {lost_to} were declared gone for ever."
                fields = {"from": lost_from, "to": lost_to, "expected_position": lost_to}
                raise ConflictError("gone", message, **fields)
        if again:
            at = self._files.first_difference(journal.ref, position, again)
            if at is not None:
                raise ConflictError("differs", f"Byte {at} is held with another value.", position=at)
        return data[held - position :]
