"""Collects what the parts of a running gateway tell of themselves, and writes it down for people."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from paceline_protocol.layout import Fields

from paceline_gateway.actions import Instant
from paceline_gateway.config import Wearable
from paceline_gateway.errors import SpoolError
from paceline_gateway.uninterrupted import in_thread
from paceline_gateway.watch.state import EARLIEST_UTC_S, GatewayState, WearableState
from paceline_gateway.watch.state_file import read_state, write_state

TICK_S = 1.0
QUIET_S = 30.0
"""Without news the state is written so often: rarely for the card's sake, often enough to tell that we live."""

UNTRIED_S = 120.0
"""After a start no news from an uploader is no good news yet: its first request may wait for so long."""

log = logging.getLogger(__name__)


class Uploads(Protocol):
    """What is looked at of an uploader; uplink.upload.Uploader is one."""

    @property
    def problems(self) -> list[str]:
        """Why journals wait here."""
        ...

    @property
    def stopped(self) -> bool:
        """Whether one waits for a person."""
        ...


class Board:
    """One gateway's state. Everything is called on the event loop; `clock` gives the time."""

    def __init__(
        self,
        wearables: Mapping[bytes, Wearable],
        *,
        clock: Callable[[], Instant],
        boot: str,
        alert_after_h: float = 0.0,
        before: GatewayState | None = None,
    ) -> None:
        """`before` is the last state of an earlier life: of it only what was known of each wearable is kept."""
        self._clock = clock
        self._began_s = clock().monotonic_s
        self._boot = boot
        self._alert_after_h = alert_after_h
        self._configured = wearables
        self._overdue: set[bytes] = set()
        self._upload_overdue: set[bytes] = set()
        self._uploads: dict[bytes, Uploads] = {}
        self.radio_problem = ""
        self.disk_problem = ""
        self.running = True
        known = before.wearables if before else {}
        self._wearables = {
            device_id: replace(
                known.get(device_id, WearableState()), connected=False, upload_problem="", upload_stopped=False
            )
            for device_id in wearables
        }
        self.tick()

    def connected(self, device_id: bytes, rssi_dbm: int) -> None:
        """A wearable was connected and said who it is."""
        wearable = self._wearables[device_id]
        wearable.connected, wearable.rssi_dbm = True, rssi_dbm

    def left(self, device_id: bytes, problem: str = "") -> None:
        """Its connection ended, by a fault when there is a problem."""
        wearable = self._wearables[device_id]
        wearable.connected, wearable.link_problem = False, problem

    def pulled(self, device_id: bytes, start: int, durable: int, end: int) -> None:
        """Of its journal [start, end) everything up to `durable` is safe here."""
        wearable = self._wearables[device_id]
        wearable.start, wearable.durable, wearable.end = start, durable, end
        self._note_synced(wearable)

    def heard(self, device_id: bytes, status: Fields) -> None:
        """It told its STATUS, of the journal that was told by pulled() last."""
        wearable = self._wearables[device_id]
        wearable.epoch, wearable.end = status.epoch, max(wearable.end, status.end)
        wearable.battery_percent, wearable.recording = status.battery_percent, status.recording
        wearable.link_problem = ""
        self._note_synced(wearable)

    def watch_uploads(self, device_id: bytes, uploads: Uploads) -> None:
        """Look at these uploads of its journals from now on."""
        self._uploads[device_id] = uploads

    def state(self) -> GatewayState:
        """Return the state as it is now."""
        at = self._clock()
        return GatewayState(
            running=self.running,
            written_utc_s=at.utc_ms // 1000,
            boot=self._boot,
            monotonic_s=at.monotonic_s,
            radio_problem=self.radio_problem,
            disk_problem=self.disk_problem,
            wearables={device_id: replace(wearable) for device_id, wearable in self._wearables.items()},
        )

    def tick(self) -> None:
        """Let time pass: what lasts for too long is told of, once."""
        at = self._clock()
        now_utc_s = at.utc_ms // 1000
        clock_is_set = now_utc_s >= EARLIEST_UTC_S
        for device_id, uploads in self._uploads.items():
            if device_id in self._wearables:
                wearable = self._wearables[device_id]
                wearable.upload_problem = "; ".join(dict.fromkeys(uploads.problems))
                wearable.upload_stopped = uploads.stopped
                if not wearable.upload_problem and at.monotonic_s - self._began_s > UNTRIED_S:
                    wearable.upload_waits_utc_s = 0
                elif wearable.upload_problem and clock_is_set:
                    wearable.upload_waits_utc_s = min(wearable.upload_waits_utc_s or now_utc_s, now_utc_s)
        if not clock_is_set:
            return
        for device_id, wearable in self._wearables.items():
            wearable.known_utc_s = min(wearable.known_utc_s or now_utc_s, now_utc_s)
            # A clock that was ahead once must not put off an alert for years.
            wearable.synced_utc_s = min(wearable.synced_utc_s, now_utc_s)
            hours = (wearable.unsynced_s(now_utc_s) or 0) // 3600
            self._alert(self._overdue, device_id, wearable.overdue(now_utc_s, self._alert_after_h), "synced", hours)
            hours = (now_utc_s - wearable.upload_waits_utc_s) // 3600
            late = wearable.upload_overdue(now_utc_s, self._alert_after_h)
            self._alert(self._upload_overdue, device_id, late, "uploaded", hours)

    def _alert(self, alerted: set[bytes], device_id: bytes, late: bool, done: str, hours: int) -> None:
        if late == (device_id in alerted):
            return
        name = self._configured[device_id].name
        if late:
            alerted.add(device_id)
            log.error("%s: not %s for %d hours", name, done, hours)
        else:
            alerted.discard(device_id)
            log.info("%s: %s again", name, done)

    def _note_synced(self, wearable: WearableState) -> None:
        now_utc_s = self._clock().utc_ms // 1000
        if wearable.caught_up and now_utc_s >= EARLIEST_UTC_S:
            wearable.synced_utc_s = now_utc_s


class BoardKeeper:
    """Keeps the board in the spool's file, as seldom as does."""

    def __init__(self, board: Board, spool: Path) -> None:
        self._board = board
        self._spool = spool
        self._news: object = None
        self._written_s = 0.0

    async def run(self) -> None:
        """Tick and write for ever: the top of its task."""
        while True:
            try:
                self._board.tick()
                await self.keep()
            except Exception:
                log.exception("the state was not written")
            await asyncio.sleep(TICK_S)

    async def keep(self) -> None:
        """Write the state when it is due; a disk that refuses is told of once."""
        state = self._board.state()
        news = [state.running, state.radio_problem] + [_news(wearable) for wearable in state.wearables.values()]
        if news == self._news and state.monotonic_s - self._written_s < QUIET_S:
            return
        self._news, self._written_s = news, state.monotonic_s
        try:
            await in_thread(write_state, self._spool, state)
            self._board.disk_problem = ""
        except SpoolError as error:
            if not self._board.disk_problem:
                log.warning("the state for `status` is not written: %s", error)
            self._board.disk_problem = str(error)


def _news(wearable: WearableState) -> tuple[object, ...]:
    """Return what somebody may wait to see; the growing end of a live journal is not."""
    pulled = wearable.durable if wearable.connected and not wearable.caught_up else 0
    problems = (wearable.link_problem, wearable.upload_problem, wearable.upload_stopped)
    return wearable.connected, wearable.epoch, wearable.battery_percent, wearable.recording, pulled, problems


def board_from(
    spool: Path, wearables: Mapping[bytes, Wearable], clock: Callable[[], Instant], boot: str, alert_after_h: float
) -> Board:
    """Return the board of a gateway that starts, with what an earlier life of it wrote down."""
    return Board(wearables, clock=clock, boot=boot, alert_after_h=alert_after_h, before=read_state(spool))
