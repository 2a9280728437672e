"""Drives one pull: the radio's frames and the clock in, the machine's actions out to radio and spool."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

from paceline_protocol.code_tables import BLOB_KINDS
from paceline_protocol.layout import Fields

from paceline_gateway.actions import Action, Begin, Instant, Send, Sync, Write
from paceline_gateway.journal_file import JournalFile
from paceline_gateway.progress import Progress
from paceline_gateway.pull import Pull
from paceline_gateway.push import Blob, Refusal
from paceline_gateway.spool import Spool
from paceline_gateway.uninterrupted import in_thread

TICK_S = 0.25
log = logging.getLogger(__name__)


class Link(Protocol):
    """What is needed of a connection; radio.connection.Connection is one."""

    async def send(self, frame: bytes, reliable: bool) -> None:
        """Write one frame; RadioError when the link is gone."""

    async def receive(self, timeout_s: float) -> bytes | None:
        """Return the next frame, None when none came in time; RadioError when the link is gone."""


class Syncer:
    """One connection's sync, from greeting to the end that `run` is told to wait for."""

    def __init__(
        self,
        link: Link,
        *,
        pull: Pull,
        spool: Spool,
        clock: Callable[[], Instant],
        progress: Progress,
        on_durable: Callable[[bytes], None],
        desired: Callable[[bytes], tuple[Blob, ...]] = lambda _device_id: (),
        on_status: Callable[[bytes, Fields], None] = lambda _device_id, _status: None,
    ) -> None:
        """`on_durable(device_id)` is called whenever more of that wearable's journal may be uploaded.

        `desired(device_id)` gives the blobs that should be on it, `on_status(device_id, STATUS)` tells each one once.
        """
        self._link = link
        self._pull = pull
        self._spool = spool
        self._clock = clock
        self._progress = progress
        self._on_durable = on_durable
        self._desired = desired
        self._on_status = on_status
        self._told: Fields | None = None
        self._journal: JournalFile | None = None

    async def run(self, may_leave: Callable[[], bool], must_leave: Callable[[], bool] = lambda: False) -> None:
        """Sync, then follow the journal's growing end until, while caught up, `may_leave` says so.

        At `must_leave` it ends wherever it is: what came stays, and the next connection goes on there.

        PullError: the wearable broke the protocol; SpoolError: the disk refused; RadioError: the link is gone.
        """
        at = self._clock()
        await self._do(self._pull.start(at))
        ticked_s = at.monotonic_s
        while not ((self._pull.settled and may_leave()) or must_leave()):
            frame = await self._link.receive(TICK_S)
            at = self._clock()
            if frame is not None:
                await self._do(self._pull.frame(frame, at))
                self._tell_status()
            if at.monotonic_s - ticked_s >= TICK_S:
                ticked_s = at.monotonic_s
                await self._do(self._pull.tick(at))
                if self._journal is not None:
                    await self._do(self._pull.confirm(self._journal.epoch, self._journal.uploaded))

    def _tell_status(self) -> None:
        status = self._pull.status
        if status is not None and status is not self._told:
            self._told = status
            self._pull.desired = self._desired(self._pull.device_id)
            self._on_status(self._pull.device_id, status)
        if self._pull.refused is not None:
            refused, self._pull.refused = self._pull.refused, None
            self._tell_refusal(refused)

    def _tell_refusal(self, refused: Refusal) -> None:
        name, kind = self._pull.device_id.hex(), BLOB_KINDS[refused.blob.kind]
        if refused.kind_unknown:
            log.info("%s: its firmware takes no %s; they wait for a newer one", name, kind)
        else:
            log.error("%s: the wearable refuses %s %d", name, kind, refused.blob.version)

    async def _do(self, actions: list[Action]) -> None:
        """Do the actions in order; what they lead to comes after them, as frames are numbered when they are made."""
        waiting = deque(actions)
        while waiting:
            action = waiting.popleft()
            if isinstance(action, Send):
                await self._link.send(action.frame, action.reliable)
            elif isinstance(action, Write):
                self._held().write(action.position, action.data)
            elif isinstance(action, Sync):
                waiting += self._pull.synced(await in_thread(self._held().sync))
                self._progress.show(
                    self._pull.start_position, self._pull.durable, self._pull.end, self._clock().monotonic_s
                )
                self._on_durable(self._pull.device_id)
            else:
                waiting += await self._begin(action)

    async def _begin(self, action: Begin) -> list[Action]:
        device = self._spool.device(action.device_id)
        journal = self._journal = await in_thread(device.begin, action.epoch, action.start)
        log.debug("%s: epoch %08x from %d", action.device_id.hex(), action.epoch, journal.cursor)
        at = self._clock()
        actions = self._pull.began(journal.cursor, journal.durable, journal.uploaded, at)
        self._progress.show(self._pull.start_position, self._pull.durable, self._pull.end, at.monotonic_s)
        return actions

    def _held(self) -> JournalFile:
        if self._journal is None:
            raise RuntimeError("a pull writes only after Begin")
        return self._journal
