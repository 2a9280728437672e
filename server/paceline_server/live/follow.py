"""From changes of activities to the growth that watchers see: one after the other, and only what somebody watches."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace

from paceline_server.activities.changes import Change
from paceline_server.activities.model import FINISHED
from paceline_server.activities.service import ActivityService
from paceline_server.errors import NotFoundError
from paceline_server.live.hub import Growth, Hub, Topic

_log = logging.getLogger("paceline.live")


class LiveFollower:
    """Changes of one activity that come while it is read are taken together afterwards."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._loop = asyncio.get_running_loop()
        self._changed: OrderedDict[Topic, Change] = OrderedDict()
        self._news = asyncio.Event()

    async def run(self, activities: ActivityService) -> None:
        """Read what changed and publish it, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._changed:
                topic, change = self._changed.popitem(last=False)
                try:
                    self.hub.publish(topic, await _growth(activities, topic, change))
                except NotFoundError:
                    self.hub.close(topic)
                except Exception:  # noqa: BLE001 (top of the task: they may come again with the rows they have)
                    _log.exception("a live activity could not be read")
                    self.hub.close(topic)

    def tell(self, change: Change) -> None:
        """Take a change; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, change)

    def heard(self, text: str) -> None:
        """Take a change of which another server told; from any thread."""
        self.tell(Change.from_text(text))

    def lost(self) -> None:
        """Take it that changes were missed: all that is watched is sent anew; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take_all)

    def _take(self, change: Change) -> None:
        topic = (change.owner_id, change.activity_id)
        if change.gone:
            self.hub.close(topic)
            self._changed.pop(topic, None)
            return
        if not self.hub.is_watched(topic):
            return
        waiting = self._changed.get(topic)
        if waiting is not None:
            from_row = min(change.from_row, waiting.from_row)
            change = replace(change, from_row=from_row, replaces=change.replaces or waiting.replaces)
        self._changed[topic] = change
        self._news.set()

    def _take_all(self) -> None:
        for owner_id, activity_id in self.hub.topics():
            self._take(Change(owner_id, activity_id, replaces=True))


async def _growth(activities: ActivityService, topic: Topic, change: Change) -> Growth:
    # The row first: rows of the streams that are newer than it are not shown before it says so.
    activity = await activities.get(*topic)
    streams = await activities.streams_of(activity)
    from_row = 0 if change.replaces else change.from_row
    tail = {name: column[from_row : activity.points_count] for name, column in streams.items()}
    finished = activity.status == FINISHED
    return Growth(from_row, tail, activity, finished, change.replaces)
