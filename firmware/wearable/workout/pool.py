"""A swim in a pool: lengths told by motion, distance by their number."""

from paceline_protocol.records import LENGTH, pack_fields

from ..signal.swim_lengths import SwimLengths
from .exercise import Exercise

_USUAL_CM = 2500


class PoolSwim(Exercise):
    """Lengths of a pool of `pool_cm`; totals keep their number over a reset, which costs the length under way."""

    counts = True

    def __init__(self, pool_cm: int, totals) -> None:
        self._pool_cm = pool_cm or _USUAL_CM
        self._totals = totals
        self._motion = SwimLengths(self._pool_cm)

    @property
    def busy(self) -> bool:
        """Not at the wall."""
        return self._motion.swimming

    @property
    def spm(self) -> int:
        """Strokes a minute of the arm that wears the wearable."""
        return self._motion.spm

    @property
    def strokes(self) -> int:
        """Of the latest length."""
        return self._motion.strokes

    @property
    def length_s(self) -> int:
        """Of the latest length."""
        return (self._motion.duration_ds + 5) // 10

    def move(self, x: int, y: int, z: int) -> bool:
        """Take motion; True when length() must be asked."""
        return self._motion.put(x, y, z)

    def length(self, t_s: int) -> bytes:
        """Count the length; it lies somewhat back."""
        motion = self._motion
        totals = self._totals
        totals.count += 1
        totals.distance_cm += self._pool_cm
        totals.lap_distance_cm += self._pool_cm
        ended_t_s = max(0, t_s - motion.ago_s)
        return pack_fields(
            LENGTH, ended_t_s, totals.count, min(motion.duration_ds, 0xFFFF), motion.strokes, self._pool_cm
        )
