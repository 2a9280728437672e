"""Fetches what the server wants on one wearable, and tells the server what the wearable says of itself."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping

from paceline_protocol.code_tables import BLOB_KINDS
from paceline_protocol.layout import Fields

from paceline_gateway.backoff import backoff_s
from paceline_gateway.downlink.kept import KeptBlobs
from paceline_gateway.downlink.wishes import Wish, read_wishes
from paceline_gateway.errors import ConfigError, SpoolError, UplinkError
from paceline_gateway.push import Blob
from paceline_gateway.uninterrupted import in_thread
from paceline_gateway.uplink.client import UplinkClient

ASK_S = 300.0
"""A new plan is on the gateway after this at the latest, and on the wearable at its next STATUS."""
REPORT_S = 60.0
"""What a wearable says is reported so often, and at once when something other than its counters changed."""
LEAST_PAUSE_S = 1.0
log = logging.getLogger(__name__)


class Downlink:
    """One wearable's way back. `draw` gives a fraction in [0, 1), `clock_s` is monotonic."""

    def __init__(
        self,
        device_id: bytes,
        name: str,
        *,
        kept: KeptBlobs,
        client: UplinkClient,
        draw: Callable[[], float],
        clock_s: Callable[[], float],
    ) -> None:
        self._device_id = device_id
        self._name = name
        self.kept = kept
        self._client = client
        self._draw = draw
        self._clock_s = clock_s
        self._status: Fields | None = None
        self._news: object = None
        self._reported_s = -REPORT_S
        self._wake = asyncio.Event()
        self._said = ""

    def heard(self, status: Fields) -> None:
        """Take a STATUS of the wearable: news are reported soon, and what is wanted is asked for."""
        self._status = status
        table = status_table(status)
        news = [table[name] for name in _NEWS]
        if news != self._news or self._clock_s() - self._reported_s >= REPORT_S:
            self._news = news
            self._wake.set()

    async def run(self) -> None:
        """Fetch and report for ever; returns only by cancellation."""
        failures = 0
        while True:
            self._wake.clear()
            try:
                await self.round()
            except (UplinkError, SpoolError, ConfigError) as error:
                self._say(str(error))
                await asyncio.sleep(backoff_s(failures, self._draw(), longest_s=ASK_S))
                failures += 1
                continue
            self._say("")
            failures = 0
            await asyncio.sleep(LEAST_PAUSE_S)
            try:
                async with asyncio.timeout(ASK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def round(self) -> None:
        """Report the last STATUS, then fetch what changed; UplinkError, SpoolError, ConfigError when it cannot."""
        status, self._status = self._status, None
        if status is not None:
            try:
                await self._client.report(self._device_id, status_table(status))
            except UplinkError:
                self._status = self._status or status
                raise
            self._reported_s = self._clock_s()
        wishes = read_wishes(await self._client.desired(self._device_id))
        if wishes is None:
            raise UplinkError("the server's answer about what should be on the wearable makes no sense")
        for kind in set(range(1, len(BLOB_KINDS))) - {wish.kind for wish in wishes}:
            await in_thread(self.kept.drop, kind)
        for wish in wishes:
            if self.kept.version(wish.kind) != wish.version:
                await self._fetch(wish)

    async def _fetch(self, wish: Wish) -> None:
        name = BLOB_KINDS[wish.kind]
        data = await self._client.desired_blob(self._device_id, name.replace(" ", "-"), wish.size)
        if len(data) != wish.size or hashlib.sha256(data).digest() != wish.sha256:
            raise UplinkError(f"{name} {wish.version} came damaged, or was replaced meanwhile")
        await in_thread(self.kept.keep, Blob(wish.kind, wish.version, data))
        log.info("%s: %s %d is here, for the wearable", self._name, name, wish.version)

    def _say(self, problem: str) -> None:
        if problem and problem != self._said:
            log.warning("%s: downlink: %s", self._name, problem)
        self._said = problem


class Downlinks:
    """The ways back to all configured wearables."""

    def __init__(self, downlinks: Mapping[bytes, Downlink]) -> None:
        self._downlinks = downlinks

    def desired(self, device_id: bytes) -> tuple[Blob, ...]:
        """Return what is kept for a wearable."""
        downlink = self._downlinks.get(device_id)
        return downlink.kept.all() if downlink else ()

    def heard(self, device_id: bytes, status: Fields) -> None:
        """Take a wearable's STATUS."""
        if device_id in self._downlinks:
            self._downlinks[device_id].heard(status)

    async def run(self, device_id: bytes, draw: Callable[[], float]) -> None:
        """Run one wearable's way back for ever: the top of its task."""
        failures = 0
        while True:
            try:
                await self._downlinks[device_id].run()
            except Exception:
                log.exception("%s: the downlink failed", device_id.hex())
            await asyncio.sleep(backoff_s(failures, draw()))
            failures += 1


_NEWS = ("epoch", "recording", "session", "firmware", "user", "settings_version", "plan_version", "assistance_version")


def status_table(status: Fields) -> dict[str, object]:
    """Return a STATUS as the server takes it (docs/API.md)."""
    return {
        "epoch": status.epoch,
        "start": status.start,
        "end": status.end,
        "confirmed": status.confirmed,
        "battery_percent": status.battery_percent,
        "battery_millivolt": status.battery_millivolt,
        "recording": status.recording,
        "session": status.session,
        "firmware": ".".join(str(number) for number in status.firmware),
        "fix": status.fix,
        "user": status.user,
        "settings_version": status.settings_version,
        "plan_version": status.plan_version,
        "assistance_version": status.assistance_version,
    }
