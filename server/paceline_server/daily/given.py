"""What sources say of days, as it is kept: of two that say the same thing the later one holds, whatever the order.

`later` is a maximum over everything that was said, so that orders and repeats come to one result.
"""

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from paceline_server.daily.model import CUMULATIVE, Sleep

_COUNT = struct.Struct("<Bqqdq")


@dataclass(frozen=True, slots=True)
class DayValue:
    """A source's value of a whole day; None: it takes back what it said."""

    metric: str
    day: str
    source: str
    value: float | None
    stamp_ms: int


class SpanCount(NamedTuple):
    """What a source counted from one second to another; metric and beginning are its address. None takes it back."""

    metric: str
    start_s: int
    end_s: int
    value: float | None
    stamp_ms: int


@dataclass(frozen=True, slots=True)
class Given:
    """All that one request says."""

    source: str
    values: tuple[DayValue, ...] = ()
    counts: tuple[SpanCount, ...] = ()
    sleeps: tuple[Sleep, ...] = ()


def said_later(stamp_ms: int, value: float | None, than_ms: int, than: float | None) -> bool:
    """Tell whether a value replaces another; of two with one time stamp the larger holds, and any over none."""
    return (stamp_ms, _weight(value)) > (than_ms, _weight(than))


def joined_counts(held: Iterable[SpanCount], came: Iterable[SpanCount]) -> list[SpanCount]:
    """Return the latest count of every address, in order."""
    latest: dict[tuple[str, int], SpanCount] = {}
    for one in (*held, *came):
        before = latest.get(one[:2])
        if before is None or _count_order(one) > _count_order(before):
            latest[one[:2]] = one
    return sorted(latest.values(), key=lambda one: one[:2])


def sleep_is_later(one: Sleep, before: Sleep) -> bool:
    """Tell whether what is said of a sleep replaces what was."""
    return _sleep_order(one) > _sleep_order(before)


def pack_counts(counts: Iterable[SpanCount]) -> bytes:
    """Return counts as they are kept."""
    return b"".join(
        _COUNT.pack(CUMULATIVE.index(one.metric), one.start_s, one.end_s, _weight(one.value, math.nan), one.stamp_ms)
        for one in counts
    )


def unpack_counts(data: bytes) -> list[SpanCount]:
    """Return counts that were packed."""
    return [
        SpanCount(CUMULATIVE[metric], start_s, end_s, None if math.isnan(value) else value, stamp_ms)
        for metric, start_s, end_s, value, stamp_ms in _COUNT.iter_unpack(data)
    ]


def _weight(value: float | None, none: float = -math.inf) -> float:
    return none if value is None else value


def _count_order(one: SpanCount) -> tuple[int, float, int]:
    return one.stamp_ms, _weight(one.value), one.end_s


def _sleep_order(one: Sleep) -> tuple[int, bool, int, int, tuple[tuple[int, int, str], ...]]:
    return one.stamp_ms, not one.gone, one.start_utc_s, one.end_utc_s, one.stages
