"""Rules of the activities: an owner's list, one of them, its telemetry, its deletion."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor

from paceline_server.activities import store
from paceline_server.activities.changes import Change, Tell
from paceline_server.activities.model import Activity
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.analysis.cropping import cut_columns
from paceline_server.errors import NotFoundError, UnavailableError
from paceline_server.events import store as events
from paceline_server.events.declared import TELEMETRY_DAMAGED
from paceline_server.formats.recording import Column
from paceline_server.platform.blobs import BlobDamagedError, Blobs, BlobStoreError
from paceline_server.platform.database import Database
from paceline_server.platform.policy import Facts
from paceline_server.telemetry import COLUMN_NAMES, no_columns, unpack_columns
from paceline_server.tombstones import store as tombstones

_log = logging.getLogger("paceline.activities")


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

    async def facts(self, viewer_id: str | None, activity_id: str) -> Facts:
        """Return what the policy needs to know of the activity that a viewer means by an id."""
        found = await self._database.read(store.shown_as, viewer_id, activity_id)
        return Facts() if found is None else Facts(*found)

    async def get(self, owner_id: str, activity_id: str) -> Activity:
        """Return an owner's activity; NotFoundError when there is none."""
        activity = await self._database.read(store.get, owner_id, activity_id)
        if activity is None:
            raise absent()
        return activity

    async def streams(
        self, owner_id: str, activity_id: str, names: Iterable[str] = COLUMN_NAMES
    ) -> Mapping[str, Column]:
        """Return columns of the telemetry (float64, NaN where missing), all of one length."""
        return await self.streams_of(await self.get(owner_id, activity_id), names)

    async def streams_of(self, activity: Activity, names: Iterable[str] = COLUMN_NAMES) -> Mapping[str, Column]:
        """Do as streams; `activity` is one that was just read, and not as it is shown to others."""
        asked = tuple(names)
        crop_s = activity.edits.crop_s
        found = await self._found(activity, asked if crop_s is None else ("time_s", *asked))
        if crop_s is None:
            return found
        cut = cut_columns(found, *crop_s)
        return {name: cut[name] for name in asked}

    async def whole_streams(self, activity: Activity) -> Mapping[str, Column]:
        """Return all columns as they were recorded, whatever is cropped."""
        return await self._found(activity, COLUMN_NAMES)

    async def delete(self, owner_id: str, activity_id: str) -> None:
        """Delete an activity: a later upload of the same recording does not bring it back, only its owner does."""
        place = telemetry_place(owner_id, activity_id)
        if not await self._database.write(tombstones.remove, owner_id, activity_id, place, self._clock()):
            raise absent()
        self._tell(Change(owner_id, activity_id, gone=True))
        self._notify()

    async def _found(self, activity: Activity, names: tuple[str, ...]) -> Mapping[str, Column]:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, self._columns, activity, names)
        except BlobDamagedError as error:
            _log.exception("telemetry is damaged: made anew where its source is held")
            await self._database.write(
                events.emit, TELEMETRY_DAMAGED, activity.owner_id, activity.activity_id, self._clock()
            )
            self._notify()
            raise UnavailableError(
                "telemetry_damaged", "The telemetry of this activity was found damaged; ask again in a moment."
            ) from error
        except BlobStoreError as error:
            _log.exception("telemetry cannot be read")
            raise UnavailableError("storage", "The server's storage does not answer; ask again in a moment.") from error

    def _columns(self, activity: Activity, names: tuple[str, ...]) -> Mapping[str, Column]:
        place = telemetry_place(activity.owner_id, activity.activity_id)
        sha256: str | None = activity.telemetry_sha256
        asked: set[str] = set()
        while sha256 is not None and sha256 not in asked:
            blob = self._blobs.get(place, sha256)
            if blob is not None:
                return unpack_columns(blob, names)
            asked.add(sha256)  # a workout that grows shows the next one by now
            sha256 = self._database.read_now(store.telemetry_sum, activity.owner_id, activity.activity_id)
        if sha256 is not None and activity.receipt.received:
            raise BlobDamagedError(f"the telemetry of {activity.activity_id} is missing")
        return no_columns(names)


def absent() -> NotFoundError:
    """Return the error for what is not there, or another's."""
    return NotFoundError("not_found", "There is no such activity, or it is not yours.")
