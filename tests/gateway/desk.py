"""A gateway without a radio: real spool, real pull, a wire in memory."""

import itertools
from collections.abc import Callable
from pathlib import Path

from gateway.stand_in import DEVICE_ID, KEY, Clock, Wire
from paceline_gateway.actions import Instant
from paceline_gateway.crypto import aes_ecb
from paceline_gateway.journal_file import JournalFile
from paceline_gateway.progress import Progress
from paceline_gateway.pull import Pull
from paceline_gateway.push import Blob, Push
from paceline_gateway.spool import Spool
from paceline_gateway.sync import Syncer
from paceline_protocol.alias import recognise
from paceline_protocol.layout import Fields


class Desk:
    """A spool and the means to sync with a wearable as often as a test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.spool = Spool(folder, boot="this boot")
        self.keys = {DEVICE_ID: KEY}
        self.durable_told = 0
        self.desired: tuple[Blob, ...] = ()
        self.refused: set[tuple[int, int]] = set()
        self.statuses: list[Fields] = []
        self._numbers = itertools.count()

    def _known(self, alias: bytes) -> tuple[bytes, bytes] | None:
        return recognise(alias, self.keys)

    async def sync(self, wire: Wire, may_leave: Callable[[], bool] = lambda: True, most_s: float = 600.0) -> Pull:
        """Sync over the wire until caught up and `may_leave`; fails after `most_s` seconds of test time."""
        pull = Pull(next(self._numbers).to_bytes(16, "big"), self._known, aes_ecb, Push(self.refused))
        until_s = self.clock.now_s + most_s

        def told(_device_id: bytes) -> None:
            self.durable_told += 1

        def clock_within() -> Instant:
            assert self.clock.now_s < until_s, f"not caught up after {most_s} s: {pull.cursor} of {pull.end}"
            return self.clock()

        syncer = Syncer(
            wire,
            pull=pull,
            spool=self.spool,
            clock=clock_within,
            progress=Progress("Test", lambda _line: None),
            on_durable=told,
            desired=lambda _device_id: self.desired,
            on_status=lambda _device_id, status: self.statuses.append(status),
        )
        await syncer.run(may_leave)
        return pull

    def journals(self) -> list[JournalFile]:
        """The wearable's journals in the spool."""
        return self.spool.device(DEVICE_ID).journals()

    def held(self) -> bytes:
        """The bytes of the one journal, read from its file."""
        (journal,) = self.journals()
        return journal.path.read_bytes()

    def restart(self, boot: str = "this boot") -> None:
        """As if the gateway had been started again."""
        self.spool.close()
        self.spool = Spool(self.folder, boot=boot)
