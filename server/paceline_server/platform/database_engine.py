"""Connections: the engine of a URL, and one clear error when there is none."""

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from paceline_server.platform.schema import DatabaseError

DEFERRED, IMMEDIATE = "BEGIN", "BEGIN IMMEDIATE"


def parse_url(url: str) -> URL:
    """Return the URL; DatabaseError when it is none (not shown: it may hold a password)."""
    try:
        return make_url(url)
    except ArgumentError as error:
        raise DatabaseError("the database URL is malformed; one reads postgresql://USER:PASSWORD@HOST/NAME") from error


def is_sqlite(url: URL) -> bool:
    """Tell whether it names a file of SQLite."""
    return url.get_backend_name() == "sqlite"


def sqlite_engine(url: URL, begin: str, size: int) -> Engine:
    """Make an engine whose transactions begin as said, with at most `size` connections."""
    engine = create_engine(url, pool_size=size, max_overflow=0)

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        connection.execute("PRAGMA busy_timeout = 10000")  # other processes: setup, claim
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")

    def on_begin(connection: Connection) -> None:
        try:  # by the driver itself: SQLAlchemy takes as long for it as for what is read or written then
            connection.connection.driver_connection.execute(begin)  # pyright: ignore[reportOptionalMemberAccess]
        except sqlite3.Error:  # once more, so that it is told as SQLAlchemy tells errors
            connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def postgresql_engine(url: URL, size: int) -> Engine:
    """Make an engine that keeps `size` connections; DatabaseError when its driver is absent."""
    return _of_postgresql(url, pool_size=size, pool_pre_ping=True)


def reading_engine(url: URL, size: int) -> Engine:
    """Make one for reads alone: no statement waits for another round trip (ping, BEGIN, ROLLBACK) around it.

    Each statement is a transaction of its own, which is what READ COMMITTED shows anyway. A connection that broke while
    nobody used it is noticed by its first statement.
    """
    alone = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True, "pool_reset_on_return": None}
    engine = _of_postgresql(url, pool_size=size, **alone)

    def on_connect(connection: Any, _record: object) -> None:
        connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")

    event.listen(engine, "connect", on_connect)
    return engine


def _of_postgresql(url: URL, **options: Any) -> Engine:
    try:
        return create_engine(url, **options)
    except (NoSuchModuleError, ImportError) as error:
        raise DatabaseError(
            f"{url.drivername} cannot be used ({error}); for postgresql:// install paceline-server[postgres]"
        ) from error
