"""The two buttons: what screen/navigation.py makes of their presses is done here.

START acts when it goes down. LAP acts when it is let go, or when it has been held for a while, which means something
else.
"""

import asyncio

from .errors import Refused
from .recorder import BY_BUTTON, IDLE
from .screen import navigation

_BOUNCE_MS = 30
_POLL_MS = 50
_HELD_POLLS = 12  # 0.6 s
_REPEAT_POLLS = 4
_BUZZ_MS = 80


class Buttons:
    """Presses of the board's buttons become actions; the motor tells what began, ended or was marked."""

    def __init__(self, board, recorder, kept, views, settings, display) -> None:
        """Take navigation (`views`), settings and display of the screen."""
        self._board = board
        self._recorder = recorder
        self._kept = kept
        self._views = views
        self._settings = settings
        self._display = display

    async def watch_start(self) -> None:
        """Serve the START button for ever."""
        await self._watch(self._board.start_button, self._start)

    async def watch_lap(self) -> None:
        """Serve the LAP button for ever."""
        await self._watch(self._board.lap_button, self._lap)

    async def _watch(self, pin, serve) -> None:
        flag = asyncio.ThreadSafeFlag()
        pin.irq(handler=lambda _: flag.set(), trigger=self._board.PRESS_EDGE)
        while True:
            await flag.wait()
            await asyncio.sleep_ms(_BOUNCE_MS)
            if pin.value() != self._board.PRESSED:
                continue
            seen = self._views.lit
            self._display.pressed()
            await serve(pin, seen)
            await asyncio.sleep_ms(_BOUNCE_MS)
            flag.clear()

    async def _start(self, pin, seen: bool) -> None:
        await self._do(self._views.start(seen, self._recording()))
        polls = 0
        while pin.value() == self._board.PRESSED:
            await asyncio.sleep_ms(_POLL_MS)
            polls += 1
            if polls >= _HELD_POLLS and polls % _REPEAT_POLLS == 0:
                await self._do(self._views.start_held(seen, self._recording()))

    async def _lap(self, pin, seen: bool) -> None:
        polls = 0
        while pin.value() == self._board.PRESSED:
            await asyncio.sleep_ms(_POLL_MS)
            polls += 1
            if polls == _HELD_POLLS:
                await self._do(self._views.lap_held(seen, self._recording()))
        if polls < _HELD_POLLS:
            await self._do(self._views.lap(seen, self._recording()))

    def _recording(self) -> bool:
        return self._recorder.state != IDLE

    async def _do(self, action: int) -> None:
        try:
            felt = self._act(action)
        except Refused:
            return  # no buzz tells it
        self._display.pressed()
        if felt:
            self._board.vibration.value(1)
            await asyncio.sleep_ms(_BUZZ_MS)
            self._board.vibration.value(0)

    def _act(self, action: int) -> bool:
        recorder = self._recorder
        if action == navigation.BEGIN:
            recorder.start(self._views.sport, 0)
            self._kept.keep_sport(self._views.sport)
        elif action == navigation.END:
            recorder.stop()
        elif action == navigation.MARK:
            recorder.lap(BY_BUTTON)
        else:
            if action == navigation.CHANGE:
                self._settings.change(self._views.row)
            elif action == navigation.KEEP_SPORT:
                self._kept.keep_sport(self._views.sport)
            return False
        return True
