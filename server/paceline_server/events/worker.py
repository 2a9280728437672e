"""Works the outbox off: several turns at once, each by one task at a time, never on the event loop.

Handlers that wait for other servers are worked off by a task of their own, so that nobody waits with them.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Set
from concurrent.futures import Executor

from paceline_server.events import store
from paceline_server.events.declared import APART
from paceline_server.events.model import Claim, Turn
from paceline_server.platform.apart.caller import ApartError
from paceline_server.platform.database import Database, Write
from paceline_server.platform.request_ids import done_for

Run = Callable[[Turn, Write], None]
"""Handles a turn; blocks. What it writes by the Write it is given is durable together with the end of the turn on
PostgreSQL, and before it on SQLite: done twice, it must change nothing."""

ATTEMPTS = 12  # then an event is a dead letter: with these waits, after an hour or so
DEADLY_ATTEMPTS = 3  # of what kills the process for heavy work, or hangs it: it shall not hold up others for an hour
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 1800.0
FEW = 16  # turns looked at first: most of what is due is read when most of the first are taken
STOP_S = 10.0  # a turn that is still at it then is left, and taken up at the next start

_log = logging.getLogger("paceline.events")


class EventWorker:
    """Takes turns until stopped; `uniform` gives numbers of 0 to 1, for waits that do not all end together."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Run],
        pool: Executor,
        *,
        clock: Callable[[], float],
        uniform: Callable[[], float],
        at_once: int,
        poll_s: float,
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._apart = handlers.keys() & APART
        self._near = handlers.keys() - APART
        self._pool = pool
        self._clock = clock
        self._uniform = uniform
        self._at_once = at_once
        self._poll_s = poll_s
        self._news = asyncio.Event()
        self._lock = threading.Lock()
        self._busy: set[Turn] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self.handled = self.failures = 0

    async def start(self) -> None:
        """Begin; what an earlier process left is taken up."""
        # One of them asks for what others wrote and for what is due again; it wakes the rest.
        polls = [self._poll_s] + [None] * (self._at_once - 1)
        self._tasks = [asyncio.create_task(self._work(self._near, poll_s)) for poll_s in polls[: self._at_once]]
        if self._apart:
            self._tasks.append(asyncio.create_task(self._work(self._apart, self._poll_s)))

    @property
    def alive(self) -> bool:
        """Whether turns are taken, or are not to be taken here."""
        return not any(task.done() for task in self._tasks)

    async def stop(self) -> None:
        """End, with the turns that run; what is not done is taken up at the next start."""
        self._stopping = True
        self.notify()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=STOP_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def notify(self) -> None:
        """Say that an event was written; on the event loop."""
        self._news.set()
        self._news = asyncio.Event()

    async def idle(self) -> None:
        """Wait until nothing is due, in any process."""
        while (await self._database.read(store.waiting, self._clock()))[0]:
            self.notify()
            await asyncio.sleep(0.005)

    def take_turn(self, handlers: Set[str] | None = None) -> bool:
        """Handle one turn of these handlers (of all) that is due; False when there is none. Blocks."""
        wanted = self._handlers.keys() if handlers is None else handlers
        for most in (FEW, store.CANDIDATES):  # others may be at the first few
            found = self._database.read_now(store.due, self._clock(), wanted, most)
            if any(self._taken(turn) for turn in dict.fromkeys(found)):
                return True
            if len(found) < most:
                break
        return False

    def _taken(self, turn: Turn) -> bool:
        """Handle a turn, unless another is at it or it is done; tell whether it was handled."""
        with self._lock:
            if turn in self._busy:
                return False
            self._busy.add(turn)
        try:
            return self._handle(turn)
        finally:
            with self._lock:
                self._busy.discard(turn)

    def _handle(self, turn: Turn) -> bool:
        claimed: Claim | None = None
        try:
            with self._database.holding(store.claim, turn) as (claimed, write):
                if claimed is None:
                    return False
                with done_for(claimed.request_id):
                    self._handlers[turn.handler](turn, write)
                write(store.done, claimed.event_ids)
        except Exception as error:
            if claimed is None:
                raise
            with done_for(claimed.request_id):
                self._failed(turn, claimed, error)
            return True
        self.handled += 1
        return True

    def _failed(self, turn: Turn, claimed: Claim, error: Exception) -> None:
        if self._stopping:  # what it needs is being closed: that is no fault of the turn
            _log.info("handler %s was stopped", turn.handler)
            return
        attempts = claimed.attempts + 1
        dead = attempts >= (DEADLY_ATTEMPTS if isinstance(error, ApartError) else ATTEMPTS)
        self.failures += 1
        _log.exception("handler %s failed, attempt %d%s", turn.handler, attempts, ": a dead letter" if dead else "")
        due_at_s = self._clock() + wait_s(attempts, self._uniform())
        said = f"{type(error).__name__}: {error}"
        self._database.write_now(store.failed, claimed.event_ids, attempts, due_at_s, said, dead)

    async def _work(self, handlers: Set[str], poll_s: float | None) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            news = self._news
            try:
                worked = await loop.run_in_executor(self._pool, self.take_turn, handlers)
            except Exception:  # noqa: BLE001 (top of the task: the database may come back)
                _log.exception("the outbox cannot be read")
                worked = False
            if worked:
                if poll_s is not None:
                    self.notify()  # there may be more than one can take
                continue
            try:
                async with asyncio.timeout(poll_s):
                    await news.wait()
            except TimeoutError:
                continue


def wait_s(attempts: int, jitter: float) -> float:
    """Return how long to wait after so many failures: doubled each time, less up to a half by chance (0 to 1)."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (attempts - 1)) * (1 - jitter / 2)
