"""The board's `select`: polls on virtual time, so that asyncio follows it; interrupts are taken while it waits."""

from uselect import POLLERR, POLLHUP, POLLIN, POLLOUT

from silicon import bench

__all__ = ("POLLERR", "POLLHUP", "POLLIN", "POLLOUT", "poll")

_MP_STREAM_POLL = 3


class poll:
    """uselect.poll with timeouts in virtual milliseconds, for streams written in Python: flags and the board's UARTs.

    They are asked here and not by uselect, which waits a whole millisecond for an object without a file descriptor.
    """

    def __init__(self) -> None:
        self._masks = {}
        self._objects = {}

    def register(self, obj, eventmask: int = POLLIN | POLLOUT) -> None:
        """Watch an object."""
        self._objects[id(obj)] = obj
        self._masks[id(obj)] = eventmask

    def unregister(self, obj) -> None:
        """Watch it no longer."""
        del self._objects[id(obj)]
        del self._masks[id(obj)]

    def modify(self, obj, eventmask: int) -> None:
        """Watch it for other events."""
        self._masks[id(obj)] = eventmask

    def poll(self, timeout: int = -1) -> list:
        """Return what is ready as a list of (object, events); may return early and empty."""
        ready = self._ready()
        if ready:
            bench.rest_ms(0)
            return ready
        bench.rest_ms(timeout)
        return self._ready()

    def ipoll(self, timeout: int = -1, flags: int = 0) -> list:
        """Return what is ready; one-shot flags are not simulated."""
        return self.poll(timeout)

    def _ready(self) -> list:
        ready = []
        for key, obj in self._objects.items():
            events = obj.ioctl(_MP_STREAM_POLL, self._masks[key])
            if events:
                ready.append((obj, events))
        return ready
