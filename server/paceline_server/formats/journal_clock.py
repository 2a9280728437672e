"""Device seconds to UTC (docs/JOURNAL.md, "Time")."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
ToUtc = Callable[[Seconds], Seconds]

GPS_SOURCE = 1
UNKNOWN_SOURCE = 999  # source 0, "unknown": worse than every known one
SESSION_SOURCE = 1000  # the UTC of SESSION_START records: taken only when there is no CLOCK at all


@dataclass(slots=True)
class BootClock:
    """The anchors of one boot: (source, t_s, utc_s), the lowest source is the best."""

    anchors: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, source: int, t_s: int, utc_s: int) -> None:
        """Take an anchor, as they come."""
        self.anchors.append((source or UNKNOWN_SOURCE, t_s, utc_s))

    @property
    def is_final(self) -> bool:
        """Whether no later anchor can move what is timed already: there is one of the best source there is."""
        return any(source == GPS_SOURCE for source, _, _ in self.anchors)

    def best(self, until_t_s: int | None = None) -> tuple[tuple[int, int], ...]:
        """Return the (t_s, utc_s) of the best source, in order of t_s; a later record of the same second counts.

        With `until_t_s`, only those that time seconds up to that one.
        """
        best = min((anchor[0] for anchor in self.anchors), default=None)
        anchors = sorted({t_s: utc_s for source, t_s, utc_s in self.anchors if source == best}.items())
        if until_t_s is not None:
            anchors = [anchor for anchor in anchors if anchor[0] <= until_t_s] or anchors[:1]
        return tuple(anchors)

    def to_utc(self, t_s: Seconds) -> ToUtc | None:
        """Return what maps device seconds to UTC, None when the boot has no anchor.

        Each second goes by the last anchor at or before it. Where that would make the ascending seconds `t_s` collide
        (a clock set back), all go by the anchor of the first of them: no sample is lost to a clock.
        """
        best = self.best()
        if not best:
            return None
        mapped = _by_anchors(best)
        if len(t_s) > 1 and not (np.diff(mapped(t_s)) > 0).all():
            first = max((anchor for anchor in best if anchor[0] <= t_s[0]), default=best[0])
            return _by_anchors([first])
        return mapped


def _by_anchors(anchors: Sequence[tuple[int, int]]) -> ToUtc:
    table = np.array(anchors, dtype=np.int64)

    def mapped(t_s: Seconds) -> Seconds:
        which = np.maximum(np.searchsorted(table[:, 0], t_s, "right") - 1, 0)
        return table[which, 1] + (t_s - table[which, 0])

    return mapped
