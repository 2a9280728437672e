"""Buckets that leak: what one holds, and many of them in bounded memory."""

from collections import OrderedDict
from dataclasses import dataclass

from paceline_server.errors import TooManyError
from paceline_server.platform.rate_limits.table import Limit

CAPACITY = 10_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking came to: the new level, what is left, and when there is room again (0 when there was)."""

    level: float
    left: int
    wait_s: int


def take(limit: Limit, level: float, at_s: float, now_s: float, weight: float) -> Taken:
    """Put `weight` into a bucket of this level at `at_s`; a clock that went back takes nothing out."""
    per_s = limit.amount / limit.window_s
    level = max(0.0, level - max(0.0, now_s - at_s) * per_s)
    if level + weight > limit.amount:
        return Taken(level, 0, int((level + weight - limit.amount) / per_s) + 1)
    return Taken(level + weight, int(limit.amount - level - weight), 0)


def refuse_full(taken: Taken) -> None:
    """Raise TooManyError, with the seconds to wait, when it did not fit."""
    if taken.wait_s:
        told = f"Too many attempts; try again in {taken.wait_s} s."
        raise TooManyError("too_many_attempts", told, retry_after_s=taken.wait_s)


class Buckets:
    """Buckets by key; over `capacity` those that were used the longest ago go."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._held: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, limit: Limit, key: str, now_s: float, weight: float = 1.0) -> Taken:
        """Put `weight` into the bucket of a key."""
        place = (limit.name, key)
        level, at_s = self._held.pop(place, (0.0, now_s))
        taken = take(limit, level, at_s, now_s, weight)
        self._held[place] = (taken.level, max(now_s, at_s))
        while len(self._held) > self._capacity:
            self._held.popitem(last=False)
        return taken
