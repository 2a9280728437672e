"""Rules of the activities: an owner's list, one of them, its telemetry, its deletion."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor

from paceline_server.activities import store
from paceline_server.activities.changes import Change, Tell
from paceline_server.activities.model import Activity, ActivitySummary
from paceline_server.errors import NotFoundError
from paceline_server.formats.recording import Column
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Database
from paceline_server.telemetry import COLUMN_NAMES, no_columns, unpack_columns

TELEMETRY = "telemetry/"


class ActivityService:
    """What an owner may see and do with activities; another's answer as if absent."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        clock: Callable[[], float],
        pool: Executor,
        *,
        tell: Tell,
        notify: Callable[[], None],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._pool = pool
        self._tell = tell
        self._notify = notify

    async def list_for(self, owner_id: str, limit: int, offset: int) -> list[ActivitySummary]:
        """Return an owner's activities, the latest first."""
        return await self._database.read(store.list_for, owner_id, limit, offset)

    async def routes(self, owner_id: str, activity_ids: Sequence[str]) -> dict[str, str]:
        """Return the encoded polylines of an owner's activities, by id."""
        return await self._database.read(store.routes, owner_id, activity_ids)

    async def count_for(self, owner_id: str) -> int:
        """Return how many activities an owner has."""
        return await self._database.read(store.count_for, owner_id)

    async def get(self, owner_id: str, activity_id: str) -> Activity:
        """Return an owner's activity; NotFoundError when there is none."""
        activity = await self._database.read(store.get, owner_id, activity_id)
        if activity is None:
            raise _absent()
        return activity

    async def streams(
        self, owner_id: str, activity_id: str, names: Iterable[str] = COLUMN_NAMES
    ) -> Mapping[str, Column]:
        """Return columns of the telemetry (float64, NaN where missing), all of one length."""
        await self.get(owner_id, activity_id)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._columns, owner_id, activity_id, tuple(names))

    async def delete(self, owner_id: str, activity_id: str) -> None:
        """Delete an activity for good: a later upload of the same recording does not bring it back."""
        key = telemetry_key(owner_id, activity_id)
        if not await self._database.write(store.remove, owner_id, activity_id, key, self._clock()):
            raise _absent()
        self._tell(Change(owner_id, activity_id, gone=True))
        self._notify()

    def _columns(self, owner_id: str, activity_id: str, names: tuple[str, ...]) -> Mapping[str, Column]:
        blob = self._blobs.get(telemetry_key(owner_id, activity_id))
        if blob is None:
            return no_columns(names)
        return unpack_columns(blob, names)


def telemetry_key(owner_id: str, activity_id: str) -> str:
    """Return the blob key of an activity's telemetry."""
    return f"{TELEMETRY}{owner_id}/{activity_id}"


def _absent() -> NotFoundError:
    return NotFoundError("not_found", "There is no such activity, or it is not yours.")
