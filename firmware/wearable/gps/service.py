"""GPS as the wearable has it: finds the receiver, starts it anew when it falls silent, hands on every solution."""

import asyncio

from .assistant import Assistant
from .receiver import UBX, Receiver
from .reception import FIXED, Reception

_POLL_MS = 100
_ASSISTING_MS = 20
_SILENT_S = 10


class Gps:
    """`reception` and `receiver` tell how it goes; `on_solution(solution)` takes each solution once.

    `outage` is told of failures and says how long to wait (see supervision_sensor).
    """

    def __init__(self, uart, on_solution, clock, blobs, outage) -> None:
        self._on_solution = on_solution
        self._clock = clock
        self.receiver = Receiver(uart)
        self.reception = Reception(clock.t_s())
        self.assistant = Assistant(blobs, self.receiver.ublox, clock.utc_2020_s)
        self._outage = outage
        self._heard_t_s = 0

    async def run(self) -> None:
        """Receive for ever."""
        while True:
            if await self.receiver.start():
                self.reception.start(self._clock.t_s())
                await self._follow()
            await asyncio.sleep_ms(self._outage.failed())

    def take(self) -> None:
        """Hand on all solutions that have come; from any task."""
        receiver = self.receiver
        now = self._clock.t_s()
        while receiver.read():
            self._heard_t_s = now
            self._outage.works()
            self._on_solution(receiver.solution)
            self.reception.take(receiver.solution, now)
        self.reception.tick(now)

    async def _follow(self) -> None:
        self._heard_t_s = self._clock.t_s()
        self.assistant.restart()
        while self._clock.t_s() - self._heard_t_s < _SILENT_S:
            self.take()
            assisting = self.receiver.language == UBX and self.assistant.step(self.reception.state != FIXED)
            await asyncio.sleep_ms(_ASSISTING_MS if assisting else _POLL_MS)
