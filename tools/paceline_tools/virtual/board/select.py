"""The board's `select`: polls on virtual time, so that asyncio follows it; interrupts are taken while it waits."""

from uselect import POLLERR, POLLHUP, POLLIN, POLLOUT
from uselect import poll as _Poll

from silicon import bench

__all__ = ("POLLERR", "POLLHUP", "POLLIN", "POLLOUT", "poll")


class poll:
    """uselect.poll with timeouts in virtual milliseconds."""

    def __init__(self) -> None:
        self._poll = _Poll()
        bench.watch(self._poll)

    def register(self, obj, eventmask: int = POLLIN | POLLOUT) -> None:
        """Watch an object."""
        self._poll.register(obj, eventmask)

    def unregister(self, obj) -> None:
        """Watch it no longer."""
        self._poll.unregister(obj)

    def modify(self, obj, eventmask: int) -> None:
        """Watch it for other events."""
        self._poll.modify(obj, eventmask)

    def poll(self, timeout: int = -1):
        """Return what is ready as a list of (object, events)."""
        return bench.poll(self._poll, timeout)

    def ipoll(self, timeout: int = -1, flags: int = 0):
        """Return what is ready; one-shot flags are not simulated."""
        return bench.poll(self._poll, timeout)
