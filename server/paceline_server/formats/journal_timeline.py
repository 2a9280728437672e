"""The boots of one session laid out on one time line, so that no two samples fall on the same second."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from paceline_server.formats.journal_clock import BootClock, Seconds, ToUtc


@dataclass(slots=True)
class Stretch:
    """The part of a session within one boot: where it starts, and the ascending seconds of its samples."""

    clock: BootClock
    start_t_s: int
    t_s: Seconds


class Timeline:
    """Maps the device seconds of every boot of a session to UTC.

    A boot that never knew the time follows the one before without a pause (or precedes the one after); a session
    without any known time ends at `received_utc_s`. A boot whose clock puts it before the end of the one before it
    follows that one.
    """

    def __init__(self, stretches: Sequence[Stretch], received_utc_s: int) -> None:
        self._clocks = [stretch.clock for stretch in stretches]
        self._maps: list[ToUtc] = []
        spans: list[tuple[int, int] | None] = []
        relative: list[tuple[int, int]] = []
        for stretch in stretches:
            mapped = stretch.clock.to_utc(stretch.t_s)
            self._maps.append(mapped if mapped is not None else np.copy)
            edges = self._maps[-1](_edges(stretch))
            relative.append((int(edges[0]), int(edges[1])))
            spans.append(relative[-1] if mapped is not None else None)
        self._shifts = _shifts(spans, relative, received_utc_s)

    def utc(self, number: int, t_s: Seconds) -> Seconds:
        """Return the UTC of device seconds of a stretch."""
        return self._maps[number](t_s) + self._shifts[number]

    def utc_at(self, clock: BootClock, t_s: int) -> int:
        """Return the UTC of one device second in the boot of that clock."""
        number = next((i for i, own in enumerate(self._clocks) if own is clock), len(self._clocks) - 1)
        return int(self.utc(number, np.array([t_s], np.int64))[0])


def _edges(stretch: Stretch) -> Seconds:
    first, last = stretch.start_t_s, stretch.start_t_s
    if len(stretch.t_s):
        first, last = int(stretch.t_s[0]), int(stretch.t_s[-1])
    return np.array([first, last], np.int64)


def _shifts(
    spans: Sequence[tuple[int, int] | None], relative: Sequence[tuple[int, int]], received_utc_s: int
) -> list[int]:
    """Return how many seconds each stretch moves; `spans` are the known ones, `relative` all as they are mapped."""
    shifts = [0] * len(spans)
    known = [number for number, span in enumerate(spans) if span is not None]
    begin = known[0] if known else 0
    for number in range(begin, len(spans)):
        if number > begin:
            behind = relative[number - 1][1] + shifts[number - 1] + 1
            late = spans[number] is not None and relative[number][0] >= behind
            shifts[number] = 0 if late else behind - relative[number][0]
    for number in range(begin - 1, -1, -1):
        before = relative[number + 1][0] + shifts[number + 1] - 1
        shifts[number] = before - relative[number][1]
    if not known and shifts:
        move = received_utc_s - (relative[-1][1] + shifts[-1])
        shifts = [shift + move for shift in shifts]
    return shifts
