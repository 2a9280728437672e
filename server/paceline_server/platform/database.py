"""The database: store functions are plain functions of a connection, run here, never on the event loop.

SQLite has one writer: a thread takes all writes that wait, runs each in a savepoint and commits them together (one
fsync for the group), while readers go on in parallel (WAL). PostgreSQL takes the same functions, each write in its
own transaction on a pool. A write's awaiter resumes only after the commit is durable.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from paceline_server.platform.migrate import migrate

P = ParamSpec("P")
T = TypeVar("T")
Store = Callable[Concatenate[Connection, P], T]

GROUP_LIMIT = 256  # writes in one commit: bounds how long the first of them waits


@dataclass(slots=True)
class _Job:
    run: Callable[[Connection], Any]
    done: Future[Any]


class Database:
    """Runs store functions; makes or renews the tables at once (SchemaError: they are newer). Close it when done."""

    def __init__(self, url: str, *, readers: int = 4, writers: int = 4) -> None:
        sqlite = make_url(url).get_backend_name() == "sqlite"
        self._engine = _engine(url, sqlite, "BEGIN", readers)
        self._readers = ThreadPoolExecutor(readers, "database-read")
        self._writer: _GroupWriter | _PoolWriter
        if sqlite:
            self._writer = _GroupWriter(_engine(url, sqlite, "BEGIN IMMEDIATE", 1))
        else:
            self._writer = _PoolWriter(self._engine, writers)
        try:
            self.write_now(migrate)
        except BaseException:
            self.close()
            raise

    async def read(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a store function that only reads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read_now(function, *args, **kwargs))

    async def write(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a store function in a transaction; return its result once it is durable, or raise what it raised."""
        return await asyncio.wrap_future(self._writer.submit(lambda connection: function(connection, *args, **kwargs)))

    def read_now(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as read, in the calling thread."""
        with self._engine.connect() as connection:
            return function(connection, *args, **kwargs)

    def write_now(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as write, blocking the calling thread."""
        return self._writer.submit(lambda connection: function(connection, *args, **kwargs)).result()

    def close(self) -> None:
        """Finish the writes that wait and let the connections go."""
        self._writer.close()
        self._readers.shutdown()
        self._engine.dispose()


class _GroupWriter:
    """One thread, one connection, one commit for all writes that wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="database-write", daemon=True)
        self._thread.start()

    def submit(self, run: Callable[[Connection], T]) -> Future[T]:
        done: Future[T] = Future()
        self._jobs.put(_Job(run, done))
        return done

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()
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
            with self._engine.begin() as connection:
                for job in group:
                    results.append((job, *_in_savepoint(connection, job.run)))
        except Exception as error:  # noqa: BLE001 (top of the task: every awaiter gets the error)
            results = [(job, None, error) for job in group]
        for job, result, error in results:
            if error is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error)


class _PoolWriter:
    """A transaction per write, several at a time."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(threads, "database-write")

    def submit(self, run: Callable[[Connection], T]) -> Future[T]:
        return self._pool.submit(self._transact, run)

    def close(self) -> None:
        self._pool.shutdown()

    def _transact(self, run: Callable[[Connection], T]) -> T:
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


def _engine(url: str, sqlite: bool, begin: str, size: int) -> Engine:
    if not sqlite:
        return create_engine(url, pool_size=size + 4, pool_pre_ping=True)
    engine = create_engine(url, pool_size=size, max_overflow=0)

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        connection.execute("PRAGMA busy_timeout = 10000")  # other processes: setup, claim
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine
