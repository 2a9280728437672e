"""Connections of SQLite that stay open for reads: to borrow one, to begin and to end takes longer than most reads."""

import queue
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from paceline_server.platform.database_engine import DEFERRED

T = TypeVar("T")


class StandingReaders:
    """At most `size` connections, made as they are needed; all that one function reads is of one moment.

    To SQLAlchemy each is in one transaction for ever; the driver begins and ends the true ones.
    """

    def __init__(self, engine: Engine, size: int) -> None:
        self._engine = engine
        self._size = size
        self._free: queue.SimpleQueue[tuple[Connection, Any] | None] = queue.SimpleQueue()
        for _ in range(size):
            self._free.put(None)

    def run(self, function: Callable[[Connection], T]) -> T:
        """Run what only reads; waits while all connections are in use."""
        pair = self._free.get()
        try:
            connection, driver = pair = pair if pair is not None else self._opened()
            driver.execute(DEFERRED)
            try:
                return function(connection)
            finally:
                driver.rollback()
        finally:
            self._free.put(pair)

    def close(self) -> None:
        """Close them; nobody reads any more."""
        for _ in range(self._size):
            pair = self._free.get()
            if pair is not None:
                pair[0].close()
        self._engine.dispose()

    def _opened(self) -> tuple[Connection, Any]:
        connection = self._engine.connect()
        connection.begin()
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.rollback()
        return connection, driver
