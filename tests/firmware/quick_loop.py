"""MicroPython's event loop with sleeps that take no time: its clock goes on to the next who is to be woken."""

import asyncio
from asyncio import core
from time import ticks_add, ticks_ms


class _NoWait:
    """Stands in for the loop's wait for files, which is where it sleeps; nothing is waited for but time."""

    map = ()  # of files; none

    def __init__(self) -> None:
        self.ahead_ms = 0

    def wait_io_event(self, ms: int) -> None:
        """Let the time pass."""
        self.ahead_ms += max(0, ms)

    def now_ms(self) -> int:
        """Return the loop's time, never behind the processor's, by which the loop orders who is ready."""
        return ticks_add(ticks_ms(), self.ahead_ms)


def run(coroutine) -> object:
    """Do as asyncio.run."""
    wait = _NoWait()
    kept = core._io_queue, core.ticks
    core._io_queue, core.ticks = wait, wait.now_ms
    try:
        return asyncio.run(coroutine)
    finally:
        core._io_queue, core.ticks = kept


def quick(test):
    """Have a test run so."""
    return lambda: run(test())
