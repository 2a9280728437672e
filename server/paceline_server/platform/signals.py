"""Signals between the servers of one PostgreSQL: sent in a transaction, heard by all when it commits, kept nowhere.

On SQLite, where one process serves, nothing is sent: who writes tells the listener itself.
"""

import logging
import socket
import threading
from collections.abc import Callable
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from sqlalchemy import Connection, func, select

from paceline_server.platform.database_engine import parse_url

CHANNEL = "paceline"
_AGAIN_S = 2.0

_log = logging.getLogger("paceline.signals")


def send(connection: Connection, text: str) -> None:
    """Tell all servers, of at most 8000 bytes, once the transaction is durable."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, text)))


class Listener:
    """Hears signals on a connection and a thread of its own, which call `heard`, and `lost` after an interruption."""

    def __init__(self, url: str, heard: Callable[[str], None], lost: Callable[[], None]) -> None:
        self._address = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard = heard
        self._lost = lost
        self._closing = threading.Event()
        self._end, self._end_heard = socket.socketpair()
        self._thread = threading.Thread(target=self._work, name="signals", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """End; blocks until the thread has."""
        self._closing.set()
        self._end.close()
        self._thread.join()
        self._end_heard.close()

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 (top of the thread: the database may come back)
                _log.warning("signals of other servers are not heard: %s", type(error).__name__)
                self._closing.wait(_AGAIN_S)

    def _listen(self) -> None:
        import psycopg  # noqa: PLC0415 (only where there is PostgreSQL)

        connected: Any = psycopg.connect(self._address, autocommit=True)
        with connected as connection, DefaultSelector() as news:
            news.register(connection, EVENT_READ)
            news.register(self._end_heard, EVENT_READ)
            connection.execute(f"LISTEN {CHANNEL}")
            self._lost()  # what was sent before nobody heard here
            while not self._closing.is_set():
                for signal in connection.notifies(timeout=0):
                    self._heard(signal.payload)
                news.select()  # blocks until there is something of either
