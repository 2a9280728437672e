"""The two buttons: START begins and ends a workout, LAP marks a lap."""

import asyncio

from .errors import Refused
from .recorder import BY_BUTTON, IDLE

_BOUNCE_MS = 30
_RELEASE_POLL_MS = 50
_BUZZ_MS = 80


class Buttons:
    """Presses of the board's buttons become the recorder's actions; the motor answers a press that did something."""

    def __init__(self, board, recorder, sport: int) -> None:
        """Take the sport (a number of SPORTS) that START begins; a command over the link may name another."""
        self._board = board
        self._recorder = recorder
        self._sport = sport

    async def watch_start(self) -> None:
        """Serve the START button for ever."""
        await self._watch(self._board.start_button, self._start_or_stop)

    async def watch_lap(self) -> None:
        """Serve the LAP button for ever."""
        await self._watch(self._board.lap_button, self._lap)

    async def _watch(self, pin, action) -> None:
        flag = asyncio.ThreadSafeFlag()
        pin.irq(handler=lambda _: flag.set(), trigger=self._board.PRESS_EDGE)
        while True:
            await flag.wait()
            await asyncio.sleep_ms(_BOUNCE_MS)
            if pin.value() != self._board.PRESSED:
                continue
            try:
                action()
            except Refused:
                pass  # no buzz tells it
            else:
                await self._buzz()
            while pin.value() == self._board.PRESSED:
                await asyncio.sleep_ms(_RELEASE_POLL_MS)
            await asyncio.sleep_ms(_BOUNCE_MS)
            flag.clear()

    def _start_or_stop(self) -> None:
        if self._recorder.state == IDLE:
            self._recorder.start(self._sport, 0)
        else:
            self._recorder.stop()

    def _lap(self) -> None:
        self._recorder.lap(BY_BUTTON)

    async def _buzz(self) -> None:
        self._board.vibration.value(1)
        await asyncio.sleep_ms(_BUZZ_MS)
        self._board.vibration.value(0)
