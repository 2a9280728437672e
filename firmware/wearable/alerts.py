"""The motor: patterns that tell something on the skin, played by a task of their own, also when the display is dark.

A pattern is bytes of 20 ms: on, off, on …
"""

import asyncio

_UNIT_MS = 20
_GAP = 15  # units between two patterns
_WAITING = 3  # patterns; more at once nobody can tell apart

PRESS = b"\x04"
LAP = b"\x06\x05\x06"
STEP = b"\x14\x08\x06"
PAUSE = b"\x14"
STOP = b"\x19"
TOO_LOW = b"\x06\x06\x06\x06\x06"
TOO_HIGH = b"\x14\x0a\x14"
GOAL = b"\x06\x05\x06\x05\x06\x0c\x19"
REST = b"\x0a"
NOTICE = b"\x08\x08\x08"


class Alerts:
    """Patterns for the motor at `pin`."""

    def __init__(self, pin) -> None:
        self._pin = pin
        self._patterns = []
        self._come = asyncio.Event()

    def buzz(self, pattern: bytes) -> None:
        """Play a pattern as soon as those before it are over; returns at once."""
        if len(self._patterns) < _WAITING:
            self._patterns.append(pattern)
            self._come.set()

    async def run(self) -> None:
        """Play for ever."""
        self._pin.value(0)
        while True:
            await self._come.wait()
            self._come.clear()
            while self._patterns:
                on = 1
                for units in self._patterns[0]:
                    self._pin.value(on)
                    on ^= 1
                    await asyncio.sleep_ms(units * _UNIT_MS)
                self._pin.value(0)
                self._patterns.pop(0)
                await asyncio.sleep_ms(_GAP * _UNIT_MS)
