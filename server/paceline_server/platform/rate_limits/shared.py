"""One tight limit: in memory where one process serves, in the database where several do."""

import hashlib
from collections.abc import Callable

from paceline_server.platform.database import Database
from paceline_server.platform.first_in_writes import nothing_first
from paceline_server.platform.rate_limits import store
from paceline_server.platform.rate_limits.buckets import Buckets, refuse_full
from paceline_server.platform.rate_limits.table import TIGHT, Limit

SWEPT_EVERY_S = 60.0
KEPT_S = 2 * max(limit.window_s for limit in TIGHT)


class SharedLimit:
    """Counts attempts by key; all servers of one PostgreSQL count together."""

    def __init__(self, database: Database, limit: Limit, clock: Callable[[], float]) -> None:
        self._database = database
        self._limit = limit
        self._clock = clock
        self._buckets = Buckets()
        self._swept_at_s = clock()

    async def take(self, key: str) -> None:
        """Count one attempt; TooManyError, with the seconds to wait, when there were too many."""
        now_s = self._clock()
        if self._database.is_sqlite:
            refuse_full(self._buckets.take(self._limit, key, now_s))
            return
        key_hash = hashlib.sha256(key.encode()).digest()[:16]
        with nothing_first():
            taken = await self._database.write(store.take_shared, self._limit, key_hash, now_s)
            if now_s - self._swept_at_s > SWEPT_EVERY_S:
                self._swept_at_s = now_s
                await self._database.write(store.sweep, now_s - KEPT_S)
        refuse_full(taken)
