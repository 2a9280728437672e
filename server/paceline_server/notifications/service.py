"""Rules of the inbox."""

from collections.abc import Callable, Sequence

from paceline_server.errors import NotFoundError
from paceline_server.notifications import store
from paceline_server.notifications.model import Notice
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.paging import Page


class NoticeService:
    """An owner's notices."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

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
        return await self._database.write(store.note_read, owner_id, notice_ids, self._clock())

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


def _absent() -> NotFoundError:
    return NotFoundError("not_found", "There is no such notification, or it is not yours.")
