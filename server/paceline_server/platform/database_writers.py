"""How writes become durable: together on SQLite, which has one writer, each by itself on PostgreSQL."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

T = TypeVar("T")

GROUP_LIMIT = 256  # writes in one commit: bounds how long the first of them waits
GAVE_WAY = frozenset({"40001", "40P01"})  # PostgreSQL undid it for another's sake: serialization, deadlock
TRIES = 4


@dataclass(slots=True)
class _Job:
    run: Callable[[Connection], Any]
    done: Future[Any]


class GroupWriter:
    """One thread, one connection, one commit for all writes that wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="database-write", daemon=True)
        self._thread.start()

    def submit(self, run: Callable[[Connection], T]) -> Future[T]:
        """Run it; the future is done when the commit is durable."""
        done: Future[T] = Future()
        self._jobs.put(_Job(run, done))
        return done

    def close(self) -> None:
        """Finish what waits."""
        self._jobs.put(None)
        self._thread.join()
        self._let_go()
        self._engine.dispose()

    def _work(self) -> None:
        more = True
        while more:
            group: list[_Job] = []
            job = self._jobs.get()
            while job is not None and len(group) < GROUP_LIMIT:
                group.append(job)
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
            else:
                more = job is not None
                if job is not None:  # over the limit: the next group begins with it
                    group.append(job)
            self._commit([job for job in group if job.done.set_running_or_notify_cancel()])

    def _commit(self, group: list[_Job]) -> None:
        results: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            connection = self._connection = self._connection or self._engine.connect()
            with connection.begin():
                if len(group) == 1:  # most of the time: when it fails the transaction itself is undone
                    results.append((group[0], group[0].run(connection), None))
                else:
                    results += [(job, *_in_savepoint(connection, job.run)) for job in group]
        except Exception as error:  # noqa: BLE001 (top of the task: every awaiter gets the error)
            results = [(job, None, error) for job in group]
            self._let_go()
        for job, result, error in results:
            if error is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error)

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PoolWriter:
    """A transaction per write, several at a time; one that must give way to another is done again."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(threads, "database-write")

    def submit(self, run: Callable[[Connection], T]) -> Future[T]:
        """Run it; the future is done when the commit is durable."""
        return self._pool.submit(self._transact, run)

    def close(self) -> None:
        """Finish what waits."""
        self._pool.shutdown()

    def _transact(self, run: Callable[[Connection], T]) -> T:
        for _ in range(TRIES - 1):
            try:
                return self._once(run)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in GAVE_WAY:
                    raise
        return self._once(run)

    def _once(self, run: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return run(connection)


def _in_savepoint(connection: Connection, run: Callable[[Connection], T]) -> tuple[T | None, BaseException | None]:
    savepoint = connection.begin_nested()
    try:
        result = run(connection)
        savepoint.commit()
    except Exception as error:  # noqa: BLE001 (handed to the one who awaits this write; the others go on)
        savepoint.rollback()
        return None, error
    return result, None
