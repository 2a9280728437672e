"""What a sport counts beside distance: nothing, lengths of a pool, or sets with repetitions."""

from . import sports


class Exercise:
    """Of a sport that counts nothing; the others are like it.

    `busy` tells whether the wearer exercises, rest aside; `spm` is the exercise's own rhythm, for those that `counts`.
    """

    counts = False
    busy = True
    spm = 0
    strokes = 0  # of the latest length
    length_s = 0
    repetitions = 0  # in the set under way

    def move(self, x: int, y: int, z: int) -> bool:
        """Take acceleration at 26 Hz, in LSB of 0.244 mg; True when a length is done."""
        return False

    def length(self, t_s: int) -> bytes:
        """Count the length that is done, and return the payload of its LENGTH record."""
        return b""

    def begin_set(self, elapsed_s: int) -> None:
        """The rest is over."""

    def end_set(self, t_s: int, elapsed_s: int) -> bytes:
        """The set is over: return the payload of its SET record, and rest."""
        return b""


def exercise_of(sport: int, pool_cm: int, totals) -> Exercise:
    """Return the exercise of a sport; totals with samples tell that a reset came between."""
    # Imported where they are needed: most workouts need neither.
    if sport == sports.SWIMMING:
        from .pool import PoolSwim

        return PoolSwim(pool_cm, totals)
    if sport == sports.STRENGTH:
        from .strength import Strength

        return Strength(totals)
    return Exercise()
