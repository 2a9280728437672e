"""Rules of the imports: what comes is kept at once and read behind the request; its owner says what becomes of it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TypeVar, TypeVarTuple

from paceline_server.activities import store as activities
from paceline_server.errors import ConflictError, NotFoundError, UnavailableError
from paceline_server.events.model import Turn
from paceline_server.events.worker import EventWorker
from paceline_server.imports import store
from paceline_server.imports.model import (
    BY_NAME,
    BY_RULE,
    CHOOSABLE,
    COMES,
    DONE,
    HANDLER,
    IMPORTING,
    LOOKED,
    READING,
    UNDOING,
    UNDONE,
    Batch,
    ImportFile,
)
from paceline_server.imports.originals import file_behind, original_place, staged_place
from paceline_server.imports.receiving import Received
from paceline_server.imports.straight import StraightTaker
from paceline_server.platform.blobs import BlobDamagedError, Blobs, BlobStoreError
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.ids import new_id

T = TypeVar("T")
Args = TypeVarTuple("Args")

PATIENCE_S = 2.0  # an answer waits so long for the batch; then it follows
DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class BatchNow:
    """A batch as it stands, how many files are in which state, and some of them.

    `waits_until_s`: when those that wait for a word are forgotten; None where none waits.
    """

    batch: Batch
    counts: dict[str, int]
    waits_until_s: float | None = None
    files: Sequence[ImportFile] = ()


class ImportService:
    """What an owner may do with batches; another's answer as if absent."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        pool: Executor,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        straight: StraightTaker,
        worker: EventWorker,
        wait_days: int,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._pool = pool
        self._clock = clock
        self._random_bytes = random_bytes
        self._straight = straight
        self._notify = worker.notify
        self._worked_off = worker.worked_off
        self._wait_s = wait_days * DAY_S

    async def take(self, owner_id: str, name: str, came: Received, *, at_once: bool | None) -> BatchNow:
        """Keep what came as a batch, and wait a moment for it to be read."""
        now_s = self._clock()
        batch = Batch(owner_id, new_id(now_s, self._random_bytes), name, at_once, now_s, came.size_bytes)
        try:
            if at_once is not False:
                gone = await self._in_pool(self._straight.take, batch, came)
                if gone is not None:
                    self._notify()
                    return BatchNow(gone.batch, {gone.file.state: 1}, None, [gone.file])
            return await self._take_later(batch, came)
        except BlobStoreError as error:
            raise _no_storage() from error

    async def _take_later(self, batch: Batch, came: Received) -> BatchNow:
        await self._database.write(store.begin, batch)
        place = staged_place(batch.owner_id, batch.batch_id)
        if came.path is not None:
            keep = self._blobs.move_file if came.ours else self._blobs.put_file
            sha256 = await self._in_pool(keep, place, came.path)
        else:
            sha256 = await self._in_pool(self._blobs.put, place, came.data)
        await self._database.write(store.go_on, replace(batch, state=READING, staged_sha256=sha256), self._clock())
        await self._worked_off(Turn(batch.owner_id, HANDLER, batch.batch_id), PATIENCE_S)
        return await self.get(batch.owner_id, batch.batch_id)

    async def names(self, owner_id: str, batch_id: str, numbers: Sequence[int]) -> dict[int, str]:
        """Return the names of files of a batch by their numbers."""
        return await self._database.read(store.names, owner_id, batch_id, numbers)

    async def get(self, owner_id: str, batch_id: str, after: int = 0, limit: int = 200) -> BatchNow:
        """Return a batch with its files of numbers above `after`; NotFoundError when there is none."""

        def read(connection: Connection) -> BatchNow:
            batch = _known(connection, owner_id, batch_id)
            files = store.files(connection, owner_id, batch_id, after, limit)
            return replace(self._now(connection, batch), files=files)

        return await self._database.read(read)

    async def latest(self, owner_id: str, limit: int, offset: int = 0) -> list[BatchNow]:
        """Return batches, the latest first."""

        def read(connection: Connection) -> list[BatchNow]:
            found = store.latest(connection, owner_id, limit, offset)
            return [self._now(connection, batch) for batch in found]

        return await self._database.read(read)

    async def confirm(
        self, owner_id: str, batch_id: str, numbers: Sequence[int] | None, states: Sequence[str] = COMES
    ) -> BatchNow:
        """Import the files of these numbers, or all in these states; ConflictError while the batch is not read."""

        def write(connection: Connection) -> None:
            batch = _known(connection, owner_id, batch_id)
            if batch.state not in (LOOKED, DONE, IMPORTING):
                raise ConflictError(
                    "not_now", "That cannot be done now: look how far this import is.", state=batch.state
                )
            if numbers is None:
                store.wish(connection, batch, BY_RULE, states, None)
            else:
                store.wish(connection, batch, BY_NAME, CHOOSABLE, numbers)
            store.go_on(connection, replace(batch, state=IMPORTING), self._clock())

        await self._database.write(write)
        await self._worked_off(Turn(owner_id, HANDLER, batch_id), PATIENCE_S)
        return await self.get(owner_id, batch_id)

    async def undo(self, owner_id: str, batch_id: str) -> BatchNow:
        """Take a batch back: its activities that nobody edited since, and what of it was not imported."""

        def write(connection: Connection) -> None:
            batch = _known(connection, owner_id, batch_id)
            if batch.state not in (LOOKED, DONE, IMPORTING, UNDOING, UNDONE):
                raise ConflictError(
                    "not_now", "That cannot be done now: look how far this import is.", state=batch.state
                )
            store.take_back(connection, replace(batch, state=UNDOING), self._clock())

        await self._database.write(write)
        await self._worked_off(Turn(owner_id, HANDLER, batch_id), PATIENCE_S)
        return await self.get(owner_id, batch_id)

    async def original(self, owner_id: str, activity_id: str) -> tuple[str, bytes]:
        """Return the sum and the bytes of the file that an activity was made of; ConflictError when it was of none."""
        activity = await self._database.read(activities.get, owner_id, activity_id)
        if activity is None:
            raise NotFoundError("not_found", "There is no such activity, or it is not yours.")
        behind = file_behind(activity.source_key)
        if behind is None:
            raise ConflictError("no_file", "This activity was not made of a file.")
        try:
            data = await self._in_pool(self._blobs.get, original_place(owner_id), behind[0])
        except BlobStoreError as error:
            raise _no_storage() from error
        except BlobDamagedError:
            data = None
        if data is None:
            raise UnavailableError("original_damaged", "The file of this activity was found damaged.")
        return behind[0], data

    async def _in_pool(self, function: Callable[[*Args], T], *given: *Args) -> T:
        """Run what blocks for the request at hand."""
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: context.run(function, *given))

    def _now(self, connection: Connection, batch: Batch) -> BatchNow:
        counts = store.counts(connection, batch.owner_id, batch.batch_id)
        waits = batch.state in (LOOKED, DONE) and any(counts.get(state) for state in CHOOSABLE)
        return BatchNow(batch, counts, batch.made_at_s + self._wait_s if waits else None)


def _known(connection: Connection, owner_id: str, batch_id: str) -> Batch:
    batch = store.get(connection, owner_id, batch_id)
    if batch is None:
        raise NotFoundError("not_found", "There is no such import, or it is not yours.")
    return batch


def _no_storage() -> UnavailableError:
    return UnavailableError("storage", "The server's storage does not answer; ask again in a moment.")
