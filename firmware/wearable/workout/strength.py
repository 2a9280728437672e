"""Sets and rests of a strength workout: the button ends a set and begins the next one, motion counts what is in it."""

from paceline_protocol.records import SET, pack_fields

from ..signal.repetitions import Repetitions
from .exercise import Exercise

_HIGHEST = 0xFFFF


class Strength(Exercise):
    """The workout begins with its first set; totals keep sets and rests over a reset, which costs a set its count."""

    counts = True

    def __init__(self, totals) -> None:
        self._totals = totals
        self._motion = None if totals.samples else Repetitions()

    @property
    def busy(self) -> bool:
        """In a set."""
        return not self._totals.resting

    @property
    def repetitions(self) -> int:
        """In the set under way, 0 when none is sure."""
        return self._motion.count if self._motion else 0

    def move(self, x: int, y: int, z: int) -> bool:
        """Take motion of a set."""
        if self._motion and not self._totals.resting:
            self._motion.put(x, y, z)
        return False

    def begin_set(self, elapsed_s: int) -> None:
        """Begin to count."""
        totals = self._totals
        totals.rest_s = min(elapsed_s - totals.mark_s, _HIGHEST)
        totals.mark_s = elapsed_s
        totals.resting = False
        self._motion = Repetitions()

    def end_set(self, t_s: int, elapsed_s: int) -> bytes:
        """Count the set; the rest begins."""
        totals = self._totals
        totals.count += 1
        duration_s = min(elapsed_s - totals.mark_s, _HIGHEST)
        payload = pack_fields(SET, t_s, totals.count, self.repetitions, duration_s, totals.rest_s)
        totals.mark_s = elapsed_s
        totals.resting = True
        return payload
