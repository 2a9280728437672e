"""Edits of activities: said over what was recorded, and measured anew from the telemetry, at once."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime

from paceline_server.activities import store
from paceline_server.activities.changes import Change, Tell
from paceline_server.activities.deriving import derive
from paceline_server.activities.editing import edited, is_measured_anew
from paceline_server.activities.edits import Edits
from paceline_server.activities.model import Activity
from paceline_server.activities.service import ActivityService
from paceline_server.activities.shapes import ActivityEdit
from paceline_server.errors import ConflictError, InvalidError
from paceline_server.formats.recording import Column
from paceline_server.platform.database import Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.paging import Page
from paceline_server.tombstones import store as tombstones

ATTEMPTS = 20
AHEAD_S = 86400.0
SHOWN_ANEW = ("crop_s", "visibility", "field_visibility")


class ActivityEditor:
    """Changes and restores an owner's activities."""

    def __init__(
        self,
        database: Database,
        activities: ActivityService,
        pool: Executor,
        clock: Callable[[], float],
        *,
        tell: Tell,
        notify: Callable[[], None],
    ) -> None:
        self._database = database
        self._activities = activities
        self._pool = pool
        self._clock = clock
        self._tell = tell
        self._notify = notify

    async def edit(self, owner_id: str, activity_id: str, asked: ActivityEdit, condition: Condition = ANY) -> Activity:
        """Change what is asked for, and all that follows from it; return the activity as it is then."""
        for _ in range(ATTEMPTS):
            before = await self._activities.get(owner_id, activity_id)
            edits = edited(before, asked, self._start_s)
            if is_measured_anew(before.edits, edits):
                after = await self._measured_anew(before, edits)
            else:
                after = replace(
                    before,
                    title=edits.title,
                    visibility=edits.visibility,
                    perceived_effort=edits.perceived_effort,
                    edits=edits,
                    updated_at_s=self._clock(),
                )
            # Who watches may have rows of which another part is shown from now on.
            again = any(getattr(before.edits, name) != getattr(edits, name) for name in SHOWN_ANEW)
            change = Change(owner_id, activity_id, replaces=again)
            if await self._database.write(store.edit, after, change, before.revision, condition):
                self._tell(change)
                return await self._activities.get(owner_id, activity_id)
        raise ConflictError("busy", "The activity changes too fast just now; try again.")

    async def restore(self, owner_id: str, activity_id: str) -> Activity:
        """Bring a deleted activity back, with what has arrived of it meanwhile; NotFoundError when it is gone.

        One that is there stays as it is.
        """
        if await self._database.write(tombstones.restore, owner_id, activity_id, self._clock()) is not None:
            self._tell(Change(owner_id, activity_id, replaces=True))
            self._notify()
        return await self._activities.get(owner_id, activity_id)

    async def deleted(self, owner_id: str, page: Page) -> list[tombstones.Deleted]:
        """Return a page of what an owner deleted and can restore, the last deleted first, and one more."""
        return await self._database.read(tombstones.list_deleted, owner_id, self._clock(), page)

    async def is_deleted(self, owner_id: str, activity_id: str) -> bool:
        """Tell whether an owner deleted this activity and can restore it."""
        return await self._database.read(tombstones.find, owner_id, activity_id, self._clock()) is not None

    async def _measured_anew(self, before: Activity, edits: Edits) -> Activity:
        columns = await self._activities.whole_streams(before)
        loop = asyncio.get_running_loop()
        shown = await loop.run_in_executor(self._pool, _shown, before, columns, edits)
        return replace(before, updated_at_s=self._clock(), **shown)

    def _start_s(self, moment: datetime) -> float:
        start_s = moment.timestamp()
        if not 0 <= start_s <= self._clock() + AHEAD_S:
            raise InvalidError("field", "start_time is a time since 1970, not in the future.", field="start_time")
        return start_s


def _shown(before: Activity, columns: Mapping[str, Column], edits: Edits) -> Mapping[str, object]:
    recorded = before.recorded
    assert recorded is not None
    told = dict(columns) if recorded.own_distance else {name: columns[name] for name in columns if name != "distance_m"}
    return derive(recorded, told, edits).shown
