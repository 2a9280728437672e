"""Who waits for news: one is woken by a ring; a ring that nobody hears is kept for the next who asks."""

import asyncio
from collections import deque


class Bell:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._rung = False

    def ring(self) -> bool:
        """Wake the one who began to wait last; False when nobody waits."""
        while self._waiting:
            one = self._waiting.pop()
            if not one.done():
                one.set_result(None)
                return True
        self._rung = True
        return False

    def ring_for_all(self) -> None:
        """Wake everybody, and the next who asks."""
        while self.ring():
            pass

    async def heard(self, patience_s: float | None) -> None:
        """Wait for a ring, at most for so long (None: for ever)."""
        if self._rung:
            self._rung = False
            return
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(patience_s):
                await waiting
        except TimeoutError:
            if waiting.done() and not waiting.cancelled():
                self.ring()  # it came too late for this one
        finally:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
