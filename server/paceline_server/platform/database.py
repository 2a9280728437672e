"""The database: store functions are plain functions of a connection, run here, never on the event loop.

SQLite has one writer: a thread takes all writes that wait, runs each in a savepoint and commits them together (one
fsync for the group), while readers go on in parallel (WAL). PostgreSQL takes the same functions, each write in its
own transaction on a pool; what only reads has a pool of its own, without transactions. A write's awaiter resumes only
after the commit is durable.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from paceline_server.platform.database_engine import (
    DEFERRED,
    IMMEDIATE,
    is_sqlite,
    parse_url,
    postgresql_engine,
    reading_engine,
    sqlite_engine,
)
from paceline_server.platform.database_readers import StandingReaders
from paceline_server.platform.database_writers import GroupWriter, PoolWriter
from paceline_server.platform.dump import begin_snapshot, is_empty
from paceline_server.platform.first_in_writes import led
from paceline_server.platform.migrate import migrate
from paceline_server.platform.schema import DatabaseError

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
Store = Callable[Concatenate[Connection, P], T]
Write = Callable[..., Any]  # as write_now
Record = Callable[[Connection], None]


class Database:
    """Runs store functions; makes or renews the tables at once. Close it when done.

    DatabaseError when it cannot be used, SchemaError when its tables are newer than this program.
    """

    def __init__(self, url: str, *, readers: int = 4, writers: int = 4, holders: int = 8) -> None:
        parsed = parse_url(url)
        self.is_sqlite = is_sqlite(parsed)
        self._writer: GroupWriter | PoolWriter
        self._standing: StandingReaders | None = None
        if self.is_sqlite:
            self._engine = self._reading = sqlite_engine(parsed, DEFERRED, readers)
            self._standing = StandingReaders(sqlite_engine(parsed, DEFERRED, readers), readers)
            self._writer = GroupWriter(sqlite_engine(parsed, IMMEDIATE, 1))
        else:
            self._engine = postgresql_engine(parsed, writers + holders)
            self._reading = reading_engine(parsed, readers + holders)
            self._writer = PoolWriter(self._engine, writers)
        self._readers = ThreadPoolExecutor(readers, "database-read")
        self._holders = ThreadPoolExecutor(holders, "database-hold")
        try:
            self.write_now(migrate)
        except OperationalError as error:
            self.close()
            raise DatabaseError(f"the database {parsed!r} cannot be used: {error.orig}") from error
        except BaseException:
            self.close()
            raise

    async def read(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a store function that only reads: once more when the connection turns out to be broken.

        On PostgreSQL each of its statements sees what is durable then; see read_moment_now.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read_now(function, *args, **kwargs))

    async def write(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a store function in a transaction; return its result once it is durable, or raise what it raised."""
        run = led(lambda connection: function(connection, *args, **kwargs))
        return await asyncio.wrap_future(self._writer.submit(run))

    def read_now(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as read, in the calling thread."""
        if self._standing is not None:
            return self._standing.run(lambda connection: function(connection, *args, **kwargs))
        try:
            with self._reading.connect() as connection:
                return function(connection, *args, **kwargs)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        with self._reading.connect() as connection:  # all the older ones are given up by now
            return function(connection, *args, **kwargs)

    def read_moment_now(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a store function that reads for long, once: all its statements see the same moment."""
        with self._engine.connect() as connection:
            begin_snapshot(connection)
            return function(connection, *args, **kwargs)

    def write_now(self, function: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as write, blocking the calling thread."""
        return self._writer.submit(led(lambda connection: function(connection, *args, **kwargs))).result()

    @contextmanager
    def holding(self, lock: Store[P, T], *args: P.args, **kwargs: P.kwargs) -> Iterator[tuple[T, Write]]:
        """Hold the row locks that `lock` takes (SELECT … FOR UPDATE) until the block ends; give its result and `write`.

        Blocks until they are free. What is written by `write(function, …)` is durable after the block; when the block
        raises, nothing is. On SQLite nothing is held: one process serves a data folder, and orders its own work.
        """
        if self.is_sqlite:
            yield self.read_now(lock, *args, **kwargs), self.write_now
            return
        with self._engine.begin() as connection:
            found = lock(connection, *args, **kwargs)
            yield found, lambda function, *given, **named: function(connection, *given, **named)

    async def between(
        self, work: Callable[[T], tuple[R, Record | None]], lock: Store[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do as `holding`: `work`, which blocks, takes the result of `lock` and returns its own and what to write.

        On SQLite no thread waits for the commit, so that many such writes are committed together.
        """
        loop = asyncio.get_running_loop()
        if self.is_sqlite:
            found = await self.read(lock, *args, **kwargs)
            result, record = await loop.run_in_executor(self._holders, work, found)
            if record is not None:
                await self.write(record)
            return result
        return await loop.run_in_executor(self._holders, lambda: self._between_now(work, lock, *args, **kwargs))

    def _between_now(
        self, work: Callable[[T], tuple[R, Record | None]], lock: Store[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        with self.holding(lock, *args, **kwargs) as (found, write):
            result, record = work(found)
            if record is not None:
                write(record)
        return result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish the writes that wait and let the connections go."""
        self._holders.shutdown()
        self._writer.close()
        self._readers.shutdown()
        if self._standing is not None:
            self._standing.close()
        self._reading.dispose()
        self._engine.dispose()


def damage(connection: Connection) -> str | None:
    """Return what a quick look at the database's own structure finds wrong; PostgreSQL is not looked into."""
    if connection.dialect.name != "sqlite":
        return None
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    return None if found == "ok" else str(found)


def fill_new(url: str, revision: str, fill: Callable[[Connection], None]) -> None:
    """Make the tables of a revision in an empty database, fill them, bring them up to this program's: all or nothing.

    DatabaseError when it is not empty or cannot be used.
    """
    parsed = parse_url(url)
    engine = sqlite_engine(parsed, IMMEDIATE, 1) if is_sqlite(parsed) else postgresql_engine(parsed, 1)
    try:
        with engine.begin() as connection:
            if not is_empty(connection):
                raise DatabaseError("the database is not empty: restore into a new one")
            migrate(connection, revision)
            fill(connection)
            migrate(connection)
    except OperationalError as error:
        raise DatabaseError(f"the database {parsed!r} cannot be used: {error.orig}") from error
    finally:
        engine.dispose()
