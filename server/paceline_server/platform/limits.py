"""Limits on attempts, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable

from paceline_server.errors import TooManyError


class AttemptLimit:
    """At most `attempts` per key in `window_s`, by a bucket that leaks evenly; over `capacity` the oldest keys go."""

    def __init__(self, attempts: int, window_s: float, clock: Callable[[], float], capacity: int = 10_000) -> None:
        self._attempts = attempts
        self._per_second = attempts / window_s
        self._clock = clock
        self._capacity = capacity
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one attempt; TooManyError, with the seconds to wait, when there were too many."""
        now = self._clock()
        level, at = self._buckets.pop(key, (0.0, now))
        level = max(0.0, level - max(0.0, now - at) * self._per_second)
        full = level + 1 > self._attempts
        self._buckets[key] = (level if full else level + 1, now)
        while len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)
        if full:
            wait = int((level + 1 - self._attempts) / self._per_second) + 1
            raise TooManyError("too_many_attempts", f"Too many attempts; try again in {wait} s.", retry_after_s=wait)
