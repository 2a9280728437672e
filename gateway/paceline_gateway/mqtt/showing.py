"""What is to be shown of each wearable now: the board's state and the end of its journal, put together."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from paceline_gateway.actions import Instant
from paceline_gateway.config import Wearable
from paceline_gateway.errors import SpoolError
from paceline_gateway.mqtt.home_assistant import Shown
from paceline_gateway.mqtt.journal_tail import JournalTail
from paceline_gateway.spool import Spool
from paceline_gateway.watch.state import EARLIEST_UTC_S, GatewayState, WearableState

LIVE_S = 30.0
"""A heart rate is live for so long; while it is followed, a wearable that records sends one every few seconds."""

log = logging.getLogger(__name__)


def local_day(utc_s: int) -> int:
    """Return the number of the day in this machine's time zone."""
    return datetime.fromtimestamp(utc_s).astimezone().toordinal()


class Showing:
    """See the module; `day_of` is local_day, `clock` gives the time."""

    def __init__(
        self,
        spool: Spool,
        wearables: Mapping[bytes, Wearable],
        clock: Callable[[], Instant],
        day_of: Callable[[int], int] = local_day,
    ) -> None:
        self._spool = spool
        self._clock = clock
        self._tails = {device_id: JournalTail(day_of) for device_id in wearables}
        self._beats: dict[bytes, tuple[int, float]] = {}
        self._told: set[bytes] = set()

    def now(self, state: GatewayState) -> dict[bytes, Shown]:
        """Return what is to be shown of each wearable; blocks."""
        at = self._clock()
        return {
            device_id: self._shown(device_id, wearable, at)
            for device_id, wearable in state.wearables.items()
            if device_id in self._tails
        }

    def _shown(self, device_id: bytes, wearable: WearableState, at: Instant) -> Shown:
        tail = self._tails[device_id]
        steps: int | None = None
        try:
            journals = self._spool.device(device_id).journals()
            if journals:
                tail.follow(journals[-1])
                steps = tail.steps(at.utc_ms // 1000) if at.utc_ms // 1000 >= EARLIEST_UTC_S else None
            self._told.discard(device_id)
        except SpoolError as error:
            if device_id not in self._told:
                self._told.add(device_id)
                log.warning("what the broker is told of a wearable stays as it was: %s", error)
        return Shown(
            battery_percent=wearable.battery_percent if wearable.battery_percent >= 0 else None,
            last_sync_utc_s=wearable.synced_utc_s or None,
            steps_today=steps,
            heart_rate_bpm=self._live(device_id, tail, wearable, at.monotonic_s),
        )

    def _live(self, device_id: bytes, tail: JournalTail, wearable: WearableState, now_s: float) -> int | None:
        beat = tail.beat
        if beat is None or not wearable.connected or not wearable.recording:
            return None
        position, since_s = self._beats.get(device_id, (-1, 0.0))
        if beat.position != position:
            # What was read while catching up is from before.
            since_s = now_s if wearable.caught_up and position >= 0 else -LIVE_S
            self._beats[device_id] = beat.position, since_s
        return (beat.heart_rate_bpm or None) if now_s - since_s < LIVE_S else None
