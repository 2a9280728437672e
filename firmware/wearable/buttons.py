"""The two buttons: what screen/navigation.py makes of their presses is done here.

START acts when it goes down, in a pause when it is let go; LAP when it is let go. Held for a while either means
something else.
"""

import asyncio

from .alerts import LAP, PRESS, STOP
from .errors import Refused
from .recorder import BY_BUTTON
from .screen import navigation

_BOUNCE_MS = 30
_POLL_MS = 50
_HELD_POLLS = 12  # 0.6 s
_REPEAT_POLLS = 4
_END_POLLS = 20  # 1 s: a workout is not ended by the way


class Buttons:
    """Presses of the board's buttons become actions; the motor tells what began, ended, paused or was marked."""

    def __init__(self, board, recorder, coach, alerts, kept, views, notices, settings, display) -> None:
        """Take navigation (`views`), notices, settings and display of the screen."""
        self._coach = coach
        self._alerts = alerts
        self._board = board
        self._recorder = recorder
        self._kept = kept
        self._views = views
        self._notices = notices
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
            await serve(pin, seen, self._recorder.state)
            await asyncio.sleep_ms(_BOUNCE_MS)
            flag.clear()

    async def _start(self, pin, seen: bool, state: int) -> None:
        self._do(self._views.start(seen, state))
        polls = 0
        while pin.value() == self._board.PRESSED:
            await asyncio.sleep_ms(_POLL_MS)
            polls += 1
            if polls == _END_POLLS if state else polls >= _HELD_POLLS and polls % _REPEAT_POLLS == 0:
                self._do(self._views.start_held(seen, state))
        if polls < _END_POLLS:
            self._do(self._views.start_released(state))

    async def _lap(self, pin, seen: bool, state: int) -> None:
        polls = 0
        while pin.value() == self._board.PRESSED:
            await asyncio.sleep_ms(_POLL_MS)
            polls += 1
            if polls == _HELD_POLLS:
                self._do(self._views.lap_held(seen, state))
        if polls < _HELD_POLLS:
            self._do(self._views.lap(seen, state))

    def _do(self, action: int) -> None:
        try:
            felt = self._act(action)
        except Refused:
            return  # no buzz tells it
        self._display.pressed()
        if felt:
            self._alerts.buzz(felt)

    def _act(self, action: int) -> "bytes | None":
        recorder = self._recorder
        if action == navigation.BEGIN:
            recorder.start(self._views.sport, self._settings.users.current.slot)
            self._kept.keep_sport(self._views.sport)
        elif action == navigation.END:
            recorder.stop()
            return STOP
        elif action == navigation.PAUSE:
            recorder.pause(BY_BUTTON)
        elif action == navigation.RESUME:
            recorder.resume(BY_BUTTON)
        elif action == navigation.MARK:
            recorder.lap(BY_BUTTON)
            self._coach.marked()
            return LAP
        else:
            if action == navigation.CHANGE:
                self._settings.change(self._views.row)
            elif action == navigation.DISMISS:
                self._notices.dismiss()
            elif action == navigation.KEEP_SPORT:
                self._kept.keep_sport(self._views.sport)
            return None
        return PRESS
