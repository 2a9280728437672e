"""A handler's back-fill: what it would have done, had it been there and right from the start."""

from collections.abc import Callable, Iterable, Mapping

from paceline_server.events import store
from paceline_server.events.declared import NAMES
from paceline_server.events.model import Turn
from paceline_server.platform.database import Connection, Database

Backfill = Callable[[Connection], Iterable[tuple[str, str]]]
"""Makes ready for, and returns, every (owner, subject) that the handler is to look at."""


def backfill(
    database: Database,
    backfills: Mapping[str, Backfill],
    names: Iterable[str],
    now_s: float,
    *,
    first: Callable[[Connection], None] = lambda _: None,
) -> int:
    """Do what comes first and write the events that have these handlers look at everything, in one transaction.

    Return how many events. Blocks.
    """
    chosen = [name for name in NAMES if name in set(names)]

    def write(connection: Connection) -> int:
        first(connection)
        return sum(
            store.add(connection, [Turn(owner, name, subject) for owner, subject in backfills[name](connection)], now_s)
            for name in chosen
        )

    return database.write_now(write)
