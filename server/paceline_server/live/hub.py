"""The in-process fan-out: messages by topic to bounded queues; who does not keep up is dropped."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from paceline_server.activities.model import Activity
from paceline_server.formats.recording import Column

Topic = tuple[str, str]  # owner, activity
QUEUE_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Growth:
    """An activity changed: `streams` holds its rows from `from_row` on, whoever may see them.

    `replaces` says that rows which were there before changed, so that these take their place.
    """

    from_row: int
    streams: Mapping[str, Column]
    activity: Activity
    finished: bool
    replaces: bool = False


class Watcher:
    """One who watches; `next` returns None when the watching is over (dropped for slowness, deleted, shut down)."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Growth | None] = asyncio.Queue(QUEUE_LIMIT)
        self.dropped = False

    async def next(self) -> Growth | None:
        """Wait for the next growth."""
        if self.dropped and self._queue.empty():
            return None
        return await self._queue.get()

    def offer(self, growth: Growth) -> bool:
        """Queue a growth; False (and over) when the watcher is a whole queue behind."""
        if self._queue.full():
            self.end()
            return False
        self._queue.put_nowait(growth)
        return True

    def end(self) -> None:
        """End the watching at once."""
        self.dropped = True
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)


class Hub:
    """Topics and their watchers; belongs to one event loop."""

    def __init__(self) -> None:
        self._watchers: dict[Topic, set[Watcher]] = {}

    @contextmanager
    def watch(self, topic: Topic) -> Iterator[Watcher]:
        """Watch a topic for as long as the context lasts."""
        watcher = Watcher()
        self._watchers.setdefault(topic, set()).add(watcher)
        try:
            yield watcher
        finally:
            watchers = self._watchers.get(topic, set())
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(topic, None)

    def is_watched(self, topic: Topic) -> bool:
        """Tell whether anybody watches."""
        return topic in self._watchers

    def topics(self) -> list[Topic]:
        """Return what is watched."""
        return list(self._watchers)

    def publish(self, topic: Topic, growth: Growth) -> None:
        """Give a growth to all who watch the topic."""
        watchers = self._watchers.get(topic, set())
        for watcher in [watcher for watcher in watchers if not watcher.offer(growth)]:
            watchers.discard(watcher)

    def close(self, topic: Topic) -> None:
        """End the watching of a topic."""
        for watcher in self._watchers.pop(topic, set()):
            watcher.end()

    def close_all(self) -> None:
        """End all watching (shutdown)."""
        for topic in list(self._watchers):
            self.close(topic)
