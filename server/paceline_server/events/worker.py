"""Works the outbox off: several turns at once, each by one task at a time, never on the event loop.

Handlers that wait for other servers are worked off by tasks of their own, so that nobody waits with them.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import Executor
from contextlib import suppress

from paceline_server.events import store
from paceline_server.events.bell import Bell
from paceline_server.events.declared import APART, LIGHT
from paceline_server.events.model import AwayError, Claim, Turn
from paceline_server.platform.apart.caller import ApartError
from paceline_server.platform.database import Database, Write
from paceline_server.platform.request_ids import done_for

Run = Callable[[Turn, Write], None]
"""Handles a turn; blocks. What it writes by the Write it is given is durable together with the end of the turn on
PostgreSQL, and before it on SQLite: done twice, it must change nothing."""

ATTEMPTS = 12  # then an event is a dead letter: with these waits, after an hour or so
DEADLY_ATTEMPTS = 3  # of what kills the process for heavy work, or hangs it: it shall not hold up others for an hour
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 1800.0
LONGEST_AWAY_S = 86_400.0  # who is away is waited for about as long as he was, and never given up
FEW = 16  # turns looked at first: most of what is due is read when most of the first are taken
TOGETHER = 8  # light turns that are ended together
FIRST_PAUSE_S, TOLD_PAUSE_S, LONGEST_PAUSE_S = (
    0.02,
    0.1,
    0.25,
)  # of who waits for a turn that another process may handle
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
        self._apart = [(names, Bell()) for group in APART if (names := handlers.keys() & group)]
        self._near = handlers.keys() - frozenset().union(*APART)
        self._pool = pool
        self._clock = clock
        self._uniform = uniform
        self._at_once = at_once
        self._poll_s = poll_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._near_news = Bell()
        self._awaited: dict[Turn, asyncio.Event] = {}
        self._lock = threading.Lock()
        self._busy: set[Turn] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self.handled = self.failures = 0

    async def start(self) -> None:
        """Begin; what an earlier process left is taken up."""
        self._loop = asyncio.get_running_loop()
        # One of them asks for what others wrote and for what is due again.
        polls = [self._poll_s] + [None] * (self._at_once - 1)
        self._tasks = [
            asyncio.create_task(self._work(self._near, self._near_news, poll_s)) for poll_s in polls[: self._at_once]
        ]
        self._tasks += [asyncio.create_task(self._work(names, news, self._poll_s)) for names, news in self._apart]

    @property
    def alive(self) -> bool:
        """Whether turns are taken, or are not to be taken here."""
        return not any(task.done() for task in self._tasks)

    async def stop(self, patience_s: float | None = STOP_S) -> None:
        """End, with the turns that run; what is not done is taken up at the next start."""
        self._stopping = True
        for news in (self._near_news, *(news for _, news in self._apart)):
            news.ring_for_all()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=patience_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def notify(self) -> None:
        """Say that an event was written; on the event loop."""
        if not self._near_news.ring():  # they are all at work: who waits for other servers looks by itself
            for _, news in self._apart:
                news.ring()

    async def worked_off(self, turn: Turn, patience_s: float) -> None:
        """Have a turn handled; return when nothing is left of it, or the patience is over."""
        self.notify()
        alone = self._database.is_sqlite and bool(self._tasks)  # then only what was handled just now is not told
        pause_s = TOLD_PAUSE_S if alone else FIRST_PAUSE_S
        told = self._awaited.setdefault(turn, asyncio.Event())
        try:
            async with asyncio.timeout(patience_s):
                while not told.is_set():
                    # Another process may work it off: then there is nothing to wait on but the row.
                    with suppress(TimeoutError):
                        async with asyncio.timeout(pause_s):
                            await told.wait()
                            return
                    if not await self._database.read(store.is_pending, turn):
                        return
                    pause_s = min(1.5 * pause_s, LONGEST_PAUSE_S)
        except TimeoutError:
            return
        finally:
            if self._awaited.get(turn) is told:
                del self._awaited[turn]

    async def idle(self) -> None:
        """Wait until nothing is due, in any process."""
        while (await self._database.read(store.waiting, self._clock()))[0]:
            self.notify()
            await asyncio.sleep(0.005)

    def take_turn(self, handlers: Set[str] | None = None) -> bool:
        """Handle a turn of these handlers (of all) that is due, or some light ones; False for none. Blocks."""
        every = self._handlers.keys()
        mine = every if handlers is None else handlers
        # Others may be at the first few.
        for wanted, most in ((every if mine >= self._near else mine, FEW), (mine, store.CANDIDATES)):
            found = self._database.read_now(store.due, self._clock(), wanted, most)
            turns = [turn for turn in dict.fromkeys(found) if turn.handler in mine]
            for names, news in self._apart:
                if any(turn.handler in names and turn.handler not in mine for turn in found):
                    self._from_thread(news.ring)
            for place in range(len(turns)):
                if self._taken(turns[place:]):
                    return True
            if len(found) < most:
                break
        return False

    def _taken(self, turns: Sequence[Turn]) -> bool:
        """Handle the first of these, unless another is at it or it is done; tell whether it was handled.

        Where it is a light one, others of them that are light are handled in the same go.
        """
        with self._lock:
            if turns[0] in self._busy:
                return False
            light = [turn for turn in turns if turn.handler in LIGHT and turn not in self._busy]
            ours = light[:TOGETHER] if turns[0].handler in LIGHT else turns[:1]
            self._busy.update(ours)
            more = any(turn not in self._busy for turn in turns)
        try:
            if more:
                self._from_thread(self._near_news.ring)
            return self._handle_all(ours)
        finally:
            with self._lock:
                self._busy.difference_update(ours)

    def _handle_all(self, turns: Sequence[Turn]) -> bool:
        """Handle turns; those of several are ended together where that spares a transaction for each."""
        ended: list[int] = []
        together = len(turns) > 1 and self._database.is_sqlite
        worked = [self._handle(turn, ended if together else None) for turn in turns]
        if ended:
            self._database.write_now(store.done, tuple(ended))
        for turn in turns:
            told = self._awaited.get(turn)  # who waits now: not one who comes later, for what came later
            if told is not None and not self._database.read_now(store.is_pending, turn):
                self._from_thread(self._tell, turn, told)
        return any(worked)

    def _handle(self, turn: Turn, ended: list[int] | None) -> bool:
        claimed: Claim | None = None
        try:
            with self._database.holding(store.claim, turn) as (claimed, write):
                if claimed is None:
                    return False
                with done_for(claimed.request_id):
                    self._handlers[turn.handler](turn, write)
                if ended is None:
                    write(store.done, claimed.event_ids)
                else:
                    ended += claimed.event_ids
        except Exception as error:
            if claimed is None:
                raise
            with done_for(claimed.request_id):
                self._failed(turn, claimed, error)
            return True
        self.handled += 1
        return True

    def _tell(self, turn: Turn, told: asyncio.Event) -> None:
        if self._awaited.get(turn) is told:
            del self._awaited[turn]
        told.set()

    def _from_thread(self, function: Callable[..., object], *given: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(function, *given)

    def _failed(self, turn: Turn, claimed: Claim, error: Exception) -> None:
        if self._stopping:  # what it needs is being closed: that is no fault of the turn
            _log.info("handler %s was stopped", turn.handler)
            return
        attempts = claimed.attempts + 1
        away = isinstance(error, AwayError)
        dead = not away and attempts >= (DEADLY_ATTEMPTS if isinstance(error, ApartError) else ATTEMPTS)
        self.failures += 1
        if away:
            level = logging.WARNING if attempts == ATTEMPTS else logging.INFO
            _log.log(level, "handler %s waits, attempt %d: %s", turn.handler, attempts, error)
        else:
            _log.exception("handler %s failed, attempt %d%s", turn.handler, attempts, ": a dead letter" if dead else "")
        longest_s = LONGEST_AWAY_S if away else LONGEST_WAIT_S
        due_at_s = self._clock() + wait_s(attempts, self._uniform(), longest_s)
        said = f"{type(error).__name__}: {error}"
        self._database.write_now(store.failed, claimed.event_ids, attempts, due_at_s, said, dead)

    async def _work(self, handlers: Set[str], news: Bell, poll_s: float | None) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            try:
                await loop.run_in_executor(self._pool, self._take_all, handlers)
            except Exception:  # noqa: BLE001 (top of the task: the database may come back)
                _log.exception("the outbox cannot be read")
            if not self._stopping:  # who was at work when the end was rung did not hear it
                await news.heard(poll_s)

    def _take_all(self, handlers: Set[str]) -> None:
        while not self._stopping and self.take_turn(handlers):
            pass


def wait_s(attempts: int, jitter: float, longest_s: float = LONGEST_WAIT_S) -> float:
    """Return how long to wait after so many failures: doubled each time, less up to a half by chance (0 to 1)."""
    return min(longest_s, FIRST_WAIT_S * 2 ** min(attempts - 1, 40)) * (1 - jitter / 2)
