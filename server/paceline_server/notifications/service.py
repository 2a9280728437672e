"""Rules of the inbox, and of what is told."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.notifications import store
from paceline_server.notifications.model import CHANNELS, Notice, Rules
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.paging import Page


class NoticeService:
    """An owner's notices, and what the owner wants to be told; `notify` wakes who looks at the clock."""

    def __init__(self, database: Database, clock: Callable[[], float], notify: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._notify = notify

    async def page(self, owner_id: str, wanted: Page, *, unread: bool = False) -> tuple[list[Notice], int]:
        """Return a page of the notices (with one more if there is another), and how many of all are unread."""

        def both(connection: Connection) -> tuple[list[Notice], int]:
            return store.page(connection, owner_id, wanted, unread=unread), store.unread(connection, owner_id)

        return await self._database.read(both)

    async def unread(self, owner_id: str) -> int:
        """Return how many notices were not read."""
        return await self._database.read(store.unread, owner_id)

    async def note_read(self, owner_id: str, notice_ids: Sequence[str] | None = None) -> int:
        """Note that these (None: all) were read; what is not there is passed over. Return how many were unread."""
        count = await self._database.write(store.note_read, owner_id, notice_ids, self._clock())
        if count:
            self._notify()
        return count

    async def open(self, owner_id: str, notice_id: str) -> Notice:
        """Return a notice and note that it was read; NotFoundError when there is none."""
        notice = await self._database.read(store.get, owner_id, notice_id)
        if notice is None:
            raise _absent()
        await self.note_read(owner_id, [notice_id])
        return notice

    async def remove(self, owner_id: str, notice_id: str) -> None:
        """Delete a notice; NotFoundError when there is none."""
        if not await self._database.write(store.remove, owner_id, notice_id, self._clock()):
            raise _absent()
        self._notify()

    async def wears(self, owner_id: str) -> bool:
        """Say whether somebody wears a wearable, on which notices can be told."""
        return await self._database.read(store.wears, owner_id)

    async def rules(self, owner_id: str) -> Rules:
        """Return what an owner wants to be told, and when."""
        return await self._database.read(store.rules, owner_id)

    async def set_rules(self, owner_id: str, wanted: Rules, condition: Condition = ANY) -> Rules:
        """Let this be what an owner wants to be told; PreconditionError as the condition demands.

        InvalidError when quiet hours have a beginning and no end, or a reminder has no day.
        """
        if (wanted.quiet_from_min is None) is not (wanted.quiet_to_min is None):
            raise InvalidError("field", "Quiet hours have a beginning and an end.", field="quiet_hours")
        if wanted.reminder_min is not None and not wanted.reminder_weekdays:
            raise InvalidError("field", "A reminder is for at least one day of the week.", field="reminder")
        unusual = {place: on for place, on in wanted.switches.items() if on is not CHANNELS[place[1]]}
        kept = replace(wanted, switches=unusual)
        await self._database.write(store.set_rules, owner_id, kept, self._clock(), condition)
        self._notify()
        return kept


def _absent() -> NotFoundError:
    return NotFoundError("not_found", "There is no such notification, or it is not yours.")
