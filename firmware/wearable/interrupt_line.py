"""A sensor's interrupt line: its task sleeps until the line falls, or until the beat finds the interrupt overdue."""

import asyncio


class InterruptLine:
    """One open-drain or active-low line; `missed` counts the interrupts that did not come in time.

    `edge` is the pin's trigger for a falling line; `ticks_ms` and `ticks_diff` are those of `time`.
    """

    def __init__(self, pin, edge: int, ticks_ms, ticks_diff) -> None:
        self._ticks_ms = ticks_ms
        self._ticks_diff = ticks_diff
        self._flag = asyncio.ThreadSafeFlag()
        self._since_ms = 0
        self._patience_ms = 0  # 0: nobody waits
        self.missed = 0
        pin.irq(handler=self._fell, trigger=edge)

    def call(self) -> None:
        """Let wait() return; from any task."""
        self._patience_ms = 0
        self._flag.set()

    def tick(self) -> None:
        """Let an overdue wait() return; to be called once in half a second or so."""
        if self._patience_ms and self._ticks_diff(self._ticks_ms(), self._since_ms) >= self._patience_ms:
            self.missed += 1
            self.call()

    def wait(self, patience_ms: int):
        """Return what waits for the line, for call(), or for a tick() after so long; 0 waits for ever."""
        # No coroutine of its own: that would take from the heap each time, as asyncio's does already.
        self._since_ms = self._ticks_ms()
        self._patience_ms = patience_ms
        return self._flag.wait()

    def _fell(self, _) -> None:
        self._patience_ms = 0
        self._flag.set()
