"""A batch worked off, a slice each turn; done twice, a step changes nothing more. Blocks, and belongs in a pool."""

from collections.abc import Callable
from dataclasses import replace

from paceline_server.imports import store
from paceline_server.imports.model import (
    BACK,
    BY_NAME,
    BY_RULE,
    COMING,
    DONE,
    IMPORTING,
    READING,
    UNDOING,
    UNDONE,
    Batch,
)
from paceline_server.imports.originals import staged_place
from paceline_server.imports.reading import BatchReader
from paceline_server.imports.taking import FileTaker
from paceline_server.imports.telling import done_tale
from paceline_server.imports.undoing import FileUndoer
from paceline_server.notifications import store as notices
from paceline_server.platform.blobs import Blobs, blob_key
from paceline_server.platform.database import Connection, Database


class ImportProcessor:
    """Reads, imports and undoes batches."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        reader: BatchReader,
        taker: FileTaker,
        undoer: FileUndoer,
        clock: Callable[[], float],
        wait_s: float,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._reader = reader
        self._taker = taker
        self._undoer = undoer
        self._clock = clock
        self._wait_s = wait_s

    def process(self, owner_id: str, batch_id: str) -> None:
        """Do what there is to do of a batch, or a slice of it."""
        batch = self._database.read_now(store.get, owner_id, batch_id)
        if batch is not None and batch.state == READING:
            batch = self._reader.read(batch)
        if batch is None or batch.state == READING:
            return
        if batch.state == COMING:
            self._look_after(batch)
            return
        if batch.staged_sha256:
            self._unstage(batch)
        if batch.state == IMPORTING:
            self._taker.take_slice(batch)
            self._after_slice(batch, (BY_RULE, BY_NAME), DONE)
        elif batch.state == UNDOING:
            self._undoer.undo_slice(batch)
            self._after_slice(batch, (BACK,), UNDONE)

    def _look_after(self, batch: Batch) -> None:
        if self._clock() - batch.made_at_s < store.CAME_S:
            return
        for key in self._blobs.versions(staged_place(batch.owner_id, batch.batch_id)):
            self._blobs.delete(key)
        self._database.write_now(store.forget, batch.owner_id, batch.batch_id)

    def _after_slice(self, batch: Batch, wishes: tuple[str, ...], end: str) -> None:
        def write(connection: Connection) -> None:
            held = store.get(connection, batch.owner_id, batch.batch_id)
            if held is None or held.state != batch.state:  # undone meanwhile
                return
            if any(store.wanted(connection, batch.owner_id, batch.batch_id, wish, 1) for wish in wishes):
                store.go_on(connection, held, self._clock())
            else:
                store.keep(connection, replace(held, state=end))
                if end == DONE:
                    store.wait(connection, held, self._clock(), self._wait_s)
                    notices.tell(connection, batch.owner_id, done_tale(connection, held), self._clock())

        self._database.write_now(write)

    def _unstage(self, batch: Batch) -> None:
        self._blobs.delete(blob_key(staged_place(batch.owner_id, batch.batch_id), batch.staged_sha256))
        self._database.write_now(store.unstaged, batch.owner_id, batch.batch_id)
