"""Rules of archives: who asks for one, who sends one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from paceline_server.archives import store
from paceline_server.archives.model import ArchiveRead
from paceline_server.archives.staging import stage, unstage
from paceline_server.archives.writing import Places
from paceline_server.errors import ConflictError, NotFoundError
from paceline_server.platform.rate_limits.shared import SharedLimit


@dataclass(frozen=True, slots=True)
class ArchiveService:
    """Archives of users; `notify` wakes who reads them; the limits count those `written` and `sent` of each user."""

    places: Places
    clock: Callable[[], float]
    random_bytes: Callable[[int], bytes]
    notify: Callable[[], None]
    written: SharedLimit
    sent: SharedLimit

    async def may_write(self, owner_id: str) -> None:
        """Count an archive that is asked for; TooManyError over the limit."""
        await self.written.take(owner_id)

    async def take(self, owner_id: str, pieces: AsyncIterator[bytes]) -> ArchiveRead:
        """Keep an archive that comes, and have it read.

        ConflictError while another one is, TooLargeError, InvalidError for none, TooManyError over the limit.
        """
        before = await self.places.database.read(store.seen, owner_id)
        if before is not None and before.at_work:
            raise ConflictError("archive_at_work", "An archive is being read already.")
        await self.sent.take(owner_id)
        folder = self.places.folder
        staged = await stage(folder, owner_id, pieces, self.random_bytes)
        try:
            found = await self.places.database.write(store.sent, owner_id, staged, self.clock())
        except ConflictError:
            await asyncio.to_thread(unstage, folder, owner_id, staged)
            raise
        if before is not None:  # of one that was given up the file is still there
            await asyncio.to_thread(unstage, folder, owner_id, before.staged)
        self.notify()
        return found

    async def last(self, owner_id: str) -> ArchiveRead | None:
        """Return how far the archive is that a user sent last, None when there was none."""
        return await self.places.database.read(store.seen, owner_id)

    async def get(self, owner_id: str) -> ArchiveRead:
        """Do as `last`; NotFoundError when there was none."""
        found = await self.last(owner_id)
        if found is None:
            raise NotFoundError("not_found", "You have sent no archive.")
        return found
