"""Works off the journals that have grown: several at once, each by one task at a time, never on the event loop."""

import asyncio
import logging
from concurrent.futures import Executor

from paceline_server.activities.fields import activity_fields
from paceline_server.activities.intake import Taken
from paceline_server.activities.model import FINISHED
from paceline_server.journals import store
from paceline_server.journals.model import JournalRef
from paceline_server.journals.processing import JournalProcessor
from paceline_server.live.hub import Growth, Hub
from paceline_server.platform.database import Database

_log = logging.getLogger("paceline.journals")


class JournalWorker:
    """What a journal gains while it is being worked on is taken together afterwards."""

    def __init__(
        self, processor: JournalProcessor, database: Database, hub: Hub, pool: Executor, *, at_once: int
    ) -> None:
        self._processor = processor
        self._database = database
        self._hub = hub
        self._pool = pool
        self._at_once = at_once
        self._queue: asyncio.Queue[JournalRef] = asyncio.Queue()
        self._grown: set[JournalRef] = set()
        self._busy: set[JournalRef] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up what an earlier process left, and begin."""
        for ref in await self._database.read(store.pending):
            self.notify(ref)
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._at_once)]

    async def stop(self) -> None:
        """End; what is not done is taken up at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def notify(self, ref: JournalRef) -> None:
        """Say that a journal has grown."""
        if ref not in self._grown:
            self._grown.add(ref)
            if ref not in self._busy:
                self._queue.put_nowait(ref)

    async def idle(self) -> None:
        """Wait until everything that has grown is worked off."""
        await self._queue.join()

    async def _work(self) -> None:
        while True:
            ref = await self._queue.get()
            self._grown.discard(ref)
            self._busy.add(ref)
            try:
                await self._process(ref)
            except Exception:  # noqa: BLE001 (top of the task)
                # It stays pending in the database: the next append or start tries again.
                _log.exception("journal %s of device %s failed", ref.epoch, ref.device_id)
            finally:
                self._busy.discard(ref)
                if ref in self._grown:
                    self._queue.put_nowait(ref)
                self._queue.task_done()

    async def _process(self, ref: JournalRef) -> None:
        loop = asyncio.get_running_loop()
        for taken in await loop.run_in_executor(self._pool, self._processor.process, ref):
            topic = (taken.activity.owner_id, taken.activity.activity_id)
            if self._hub.is_watched(topic):
                self._hub.publish(topic, _growth(taken))


def _growth(taken: Taken) -> Growth:
    streams = {name: column[taken.from_row :] for name, column in taken.columns.items()}
    finished = taken.activity.status == FINISHED
    return Growth(taken.from_row, streams, activity_fields(taken.activity), finished, taken.replaces)
