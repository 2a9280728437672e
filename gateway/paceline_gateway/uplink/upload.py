"""Uploads one wearable's journals, oldest first, and goes on as they grow."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from paceline_gateway.errors import ConfigError, SpoolError, UplinkError
from paceline_gateway.journal_file import JournalFile
from paceline_gateway.spool import DeviceSpool
from paceline_gateway.uninterrupted import in_thread
from paceline_gateway.uplink.answers import Later
from paceline_gateway.uplink.client import UplinkClient
from paceline_gateway.uplink.plan import Step, UploadPlan
from paceline_gateway.uplink.server_rest import ServerRest

TOLD_FROM = 4096
BATCH_S = 0.5
"""What becomes durable so soon after an upload waits for the next: a backlog then goes in large ranges."""
log = logging.getLogger(__name__)


class Uploader:
    """See the module. `wake` is set by whoever made more of the journals durable; `draw` gives a fraction in [0, 1).

    `rest` is shared with the other uploaders to this server.
    """

    def __init__(
        self,
        device_id: bytes,
        name: str,
        *,
        spool: DeviceSpool,
        client: UplinkClient,
        draw: Callable[[], float],
        wake: asyncio.Event,
        rest: ServerRest | None = None,
    ) -> None:
        self._name = name
        self._device_id = device_id
        self._spool = spool
        self._client = client
        self._draw = draw
        self._wake = wake
        self._rest = rest or ServerRest()
        self._plans: dict[Path, UploadPlan] = {}
        self._resting_until: dict[Path, float] = {}
        self._problems: dict[Path, str] = {}

    @property
    def problems(self) -> list[str]:
        """Why journals are not on the server, each as it was told last; none when nothing is in the way."""
        return list(self._problems.values())

    @property
    def stopped(self) -> bool:
        """Whether a journal's upload was stopped for good, until a person looks."""
        return any(plan.stopped for plan in self._plans.values())

    async def run(self, clock_s: Callable[[], float]) -> None:
        """Upload for ever; `clock_s` is monotonic. Returns only by cancellation."""
        while True:
            self._wake.clear()
            wait_s = await self.round(clock_s)
            try:
                async with asyncio.timeout(wait_s):
                    await asyncio.sleep(BATCH_S)
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def round(self, clock_s: Callable[[], float]) -> float | None:
        """Send all that may be sent now; return the seconds until there is more to try, None for "when woken"."""
        waits: list[float] = []
        behind: set[int] = set()  # epochs of which an earlier file must be on the server first
        for journal in self._spool.journals():
            if (left_s := self._rest.left_s(clock_s())) > 0:
                return left_s
            if journal.epoch in behind:
                continue
            if (rest_s := self._resting_until.get(journal.path, 0.0) - clock_s()) <= 0:
                rest_s = await self._drain(journal, clock_s)
                self._resting_until[journal.path] = clock_s() + rest_s
            if rest_s > 0:
                waits.append(rest_s)
            if journal.uploaded < journal.durable:
                behind.add(journal.epoch)
        return min(waits, default=None)

    async def _drain(self, journal: JournalFile, clock_s: Callable[[], float]) -> float:
        """Send range after range; return how long this journal rests then."""
        plan = self._plans.setdefault(journal.path, UploadPlan(journal.start, journal.uploaded))
        sent = 0
        while (piece := plan.next_range(journal.durable)) is not None:
            step = await self._send(journal, plan, *piece)
            if step.say:
                log.log(logging.ERROR if step.loud else logging.WARNING, "%s: upload: %s", self._name, step.say)
            if step.wait_s > 0:
                self._problems[journal.path] = step.say or self._problems.get(journal.path, "")
                if step.for_all:
                    self._rest.begin(clock_s(), step.wait_s)
                return step.wait_s
            self._problems.pop(journal.path, None)
            sent += max(plan.position - piece[0], 0)
        if sent:
            level = logging.INFO if sent >= TOLD_FROM else logging.DEBUG  # a live journal would fill the log
            log.log(level, "%s: the server has %08x up to %d", self._name, journal.epoch, plan.position)
        return 0.0

    async def _send(self, journal: JournalFile, plan: UploadPlan, position: int, length: int) -> Step:
        try:
            data = await in_thread(journal.read, position, length)
            answer = await self._client.put(self._device_id, journal.epoch, position, data, gap=plan.over_gap)
            before = plan.position
            step = plan.answered(answer, journal.durable, self._draw())
            if plan.position != before:
                await in_thread(journal.set_uploaded, plan.position)
            return step
        except (UplinkError, SpoolError, ConfigError) as error:
            return plan.failed(Later(str(error)), self._draw(), for_all=not isinstance(error, SpoolError))
