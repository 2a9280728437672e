"""GPS as the wearable has it: finds the receiver, starts it anew when it falls silent, hands on every solution.

How much of it is wanted is the power policy's business (see power.py); a receiver that is not wanted sleeps.
"""

import asyncio

from ..power import GPS_FULL, GPS_OFF, GPS_SAVED
from .assistant import Assistant
from .receiver import NOTHING, UBX, Receiver
from .reception import FIXED, NO_RECEIVER, Reception

_POLL_MS = 100
_ASSISTING_MS = 20
_QUIET_MS = 800  # after a solution, until the next one is looked for
_SILENT_S = 10


class Gps:
    """`reception` and `receiver` tell how it goes; `on_solution(solution)` takes each solution once.

    `outage` is told of failures and says how long to wait (see supervision_sensor). `asleep` tells that the receiver
    is silent because it was not wanted.
    """

    def __init__(self, uart, on_solution, clock, blobs, outage) -> None:
        self._on_solution = on_solution
        self._clock = clock
        self.receiver = Receiver(uart)
        self.reception = Reception(clock.t_s())
        self.assistant = Assistant(blobs, self.receiver.ublox, clock.utc_2020_s)
        self.wanted = GPS_FULL
        self.asleep = False
        self._call = asyncio.Event()
        self._outage = outage
        self._heard_t_s = 0
        self._saving = False  # what the receiver was last asked for
        self._fresh = False

    async def run(self) -> None:
        """Receive for ever."""
        while True:
            # Also when it is not wanted: it may be awake from before a reset, and has to be found to be sent to sleep.
            if await self.receiver.start():
                self.reception.start(self._clock.t_s())
                await self._follow()
                if self.wanted == GPS_OFF:
                    await self._rest()
                    continue
            await asyncio.sleep_ms(self._outage.failed())
            await self._called()

    def want(self, wanted: int) -> None:
        """Be told how much GPS is wanted: GPS_OFF, GPS_SAVED or GPS_FULL."""
        self.wanted = wanted
        if wanted != GPS_OFF:
            self._call.set()

    def take(self) -> None:
        """Hand on all solutions that have come; from any task."""
        receiver = self.receiver
        now = self._clock.t_s()
        while receiver.read():
            self._fresh = True
            self._heard_t_s = now
            self._outage.works()
            self._on_solution(receiver.solution)
            self.reception.take(receiver.solution, now)
        self.reception.tick(now)

    async def _follow(self) -> None:
        self._heard_t_s = self._clock.t_s()
        self.assistant.restart()
        self._saving = False
        ublox = self.receiver.language == UBX
        while self.wanted != GPS_OFF and self._clock.t_s() - self._heard_t_s < _SILENT_S:
            self._fresh = False
            self.take()
            if ublox and self._saving != (self.wanted == GPS_SAVED):
                self._saving = not self._saving  # asked once: a receiver that refuses stays as it is
                await self.receiver.ublox.save_power(self._saving)
            assisting = ublox and self.assistant.step(self.reception.state != FIXED)
            await asyncio.sleep_ms(_ASSISTING_MS if assisting else _QUIET_MS if self._fresh else _POLL_MS)

    async def _rest(self) -> None:
        ublox = self.receiver.language == UBX
        self.receiver.language = NOTHING  # from here on take() reads nothing
        self.reception.state = NO_RECEIVER
        self.reception.first_fix_s = -1
        self.asleep = ublox and await self.receiver.ublox.stand_by()
        await self._called()
        self.asleep = False

    async def _called(self) -> None:
        while self.wanted == GPS_OFF:
            self._call.clear()
            await self._call.wait()
