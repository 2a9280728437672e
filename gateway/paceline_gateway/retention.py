"""How long the spool keeps what, by rule:

- What the server has not confirmed is never dropped. When that alone fills the spool, nothing more is written (and so
  nothing acknowledged): the wearable keeps it. Before that it is said, at each of LEVELS once.
- What the server has confirmed stays as a second copy for `keep_days`, less when room is wanted. Then the beginning of
  the journal that the wearable goes on with is cut off, at a page, and every other journal goes as a whole.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

from paceline_protocol.page import PAGE_SIZE

from paceline_gateway.confirmed_days import Notes, aged_position, noted, read_notes, write_notes
from paceline_gateway.errors import SpoolError
from paceline_gateway.journal_file import JournalFile
from paceline_gateway.progress import amount
from paceline_gateway.spool import DeviceSpool, Spool, spooled_journals
from paceline_gateway.uninterrupted import in_thread

ROUND_S = 60.0
ROOM_WANTED = 0.8  # of the bound: above it, confirmed bytes go before their days are over
LEVELS = (0.8, 0.95)  # of the bound, held by what the server does not have
RESERVE_BYTES = 32 << 20
"""Free on the disk; below it, confirmed bytes go as well: journals are not the only thing there."""
LEAST_CUT = 64 * 1024
DAY_S = 86_400
EARLIEST_DAY = 20_089  # 2025: a clock before this was never set, as on a Raspberry Pi without network

log = logging.getLogger(__name__)


class Retention:
    """See the module. What it says, it says once until it has changed."""

    def __init__(self, spool: Spool, keep_days: int, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self._spool = spool
        self._keep_days = keep_days
        self._reserve_bytes = reserve_bytes
        self._told_level = 0.0
        self._told: set[str] = set()

    async def run(self, utc_s: Callable[[], float]) -> None:
        """Keep the rule for ever; returns only by cancellation."""
        while True:
            try:
                await in_thread(self.round, utc_s())
            except Exception:
                log.exception("the spool's retention failed")
            await asyncio.sleep(ROUND_S)

    def round(self, utc_s: float) -> None:
        """Drop what the rule says, and tell what is to be told; blocks."""
        day = int(utc_s // DAY_S)
        ids = sorted({device_id for device_id, *_ in spooled_journals(self._spool.folder)})
        devices = [self._spool.device(device_id) for device_id in ids]
        self._spool.recount()
        for device in devices:
            self._guarded(self._drop_aged, device, day)
        for device in devices:
            if self._room_is_wanted():
                self._guarded(self._drop_confirmed, device)
        self._tell(devices)

    def _drop_aged(self, device: DeviceSpool, day: int) -> None:
        for left_over in device.folder.glob("*.part"):
            left_over.unlink(missing_ok=True)
        journals = device.journals()
        notes = read_notes(device.folder)
        fresh = self._noted(notes, journals, day)
        for journal in journals:
            aged = aged_position(fresh[journal.epoch], day, self._keep_days) if day >= EARLIEST_DAY else 0
            position = min(aged, journal.uploaded) if self._keep_days else journal.uploaded
            least = max(LEAST_CUT, (journal.end - position) // 4)
            self._drop(device, journal, position, least=least, goes_on=journal is journals[-1])
        if fresh != notes:
            write_notes(device.folder, fresh)

    def _noted(self, notes: dict[int, Notes], journals: list[JournalFile], day: int) -> dict[int, Notes]:
        """Return the notes with today's of every epoch, and without those of epochs that are no longer here."""
        uploaded: dict[int, int] = {}
        for journal in journals:
            uploaded[journal.epoch] = max(uploaded.get(journal.epoch, 0), journal.uploaded)
        if day < EARLIEST_DAY:
            return {epoch: notes.get(epoch, []) for epoch in uploaded}
        return {epoch: noted(notes.get(epoch, []), day, held, self._keep_days) for epoch, held in uploaded.items()}

    def _drop_confirmed(self, device: DeviceSpool) -> None:
        journals = device.journals()
        for journal in journals:
            if self._room_is_wanted():
                self._drop(device, journal, journal.uploaded, least=PAGE_SIZE, goes_on=journal is journals[-1])

    def _drop(self, device: DeviceSpool, journal: JournalFile, position: int, *, least: int, goes_on: bool) -> None:
        """Drop what lies before the position, if that is worth it; `least` bounds how often bytes are copied."""
        name = journal.path.name
        if not goes_on:
            if position >= journal.end:
                device.remove(journal)
                log.info("%s/%s: dropped, the server has all of it", device.folder.name, name)
            return
        position -= position % PAGE_SIZE
        if position - journal.start >= least:
            dropped = position - journal.start
            device.drop_before(journal, position)
            log.info("%s/%s: dropped %s that the server has", device.folder.name, name, amount(dropped))

    def _room_is_wanted(self) -> bool:
        room = self._spool.room
        over = room.most_bytes is not None and room.held_bytes > ROOM_WANTED * room.most_bytes
        return over or self._free_bytes() < self._reserve_bytes

    def _free_bytes(self) -> int:
        disk = os.statvfs(self._spool.folder)
        return disk.f_bavail * disk.f_frsize

    def _guarded(self, act: Callable[..., None], device: DeviceSpool, *more: int) -> None:
        try:
            act(device, *more)
        except SpoolError as error:
            self._once(str(error))
        except OSError as error:
            self._once(f"{device.folder}: {error.strerror or error}")

    def _once(self, problem: str) -> None:
        if problem not in self._told:
            self._told.add(problem)
            log.error("%s", problem)

    def _tell(self, devices: list[DeviceSpool]) -> None:
        most = self._spool.room.most_bytes
        waiting = sum(journal.end - journal.uploaded for device in devices for journal in device.journals())
        share = waiting / most if most else 0.0
        level = max((level for level in LEVELS if share >= level), default=0.0)
        if level > self._told_level:
            filled = f"{amount(waiting)} of {amount(most or 0)} (spool_max_bytes) wait for the server"
            log.error("the spool is %.0f %% full: %s; when it is full nothing more is pulled", 100 * share, filled)
        elif self._told_level and share < LEVELS[0] - 0.1:
            log.warning("the spool has room again, %s wait for the server", amount(waiting))
        if level > self._told_level or share < LEVELS[0] - 0.1:
            self._told_level = level
        self._tell_disk(self._spool.folder)

    def _tell_disk(self, folder: Path) -> None:
        free, short = self._free_bytes(), "the disk"
        if free < self._reserve_bytes and short not in self._told:
            self._told.add(short)
            log.error("%s: only %s are free on this disk, and only what waits for the server", folder, amount(free))
        elif free > 2 * self._reserve_bytes:
            self._told.discard(short)
