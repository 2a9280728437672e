"""What a workout has come to, for screens and links: read from its totals and from what its sport counts."""

from .. import totals
from . import sports
from .exercise import Exercise


class WorkoutFigures:
    """Of this workout or the last; all of them whole numbers."""

    def __init__(self) -> None:
        self.sport = 0
        self.totals = totals.Totals(0)
        self.exercise = Exercise()

    def elapsed_s(self) -> int:
        """Return the seconds of the workout, pauses included; the recorder knows them."""
        return self.totals.elapsed_s

    @property
    def auto_paused(self) -> bool:
        """Whether the wearer stands still, by the rule of the sport."""
        return self.totals.paused

    @property
    def kilocalories(self) -> int:
        """Burnt so far, what the body needs at rest included."""
        return self.totals.kilocalories

    @property
    def lengths(self) -> int:
        """Lengths swum."""
        return self.totals.count if self.sport == sports.SWIMMING else 0

    @property
    def length_s(self) -> int:
        """Seconds of the last length."""
        return self.exercise.length_s

    @property
    def strokes(self) -> int:
        """Strokes of the last length."""
        return self.exercise.strokes

    @property
    def sets(self) -> int:
        """Sets done."""
        return self.totals.count if self.sport == sports.STRENGTH else 0

    @property
    def resting(self) -> bool:
        """Between two sets."""
        return self.totals.resting

    @property
    def rest_s(self) -> int:
        """Seconds of the rest under way."""
        return self.elapsed_s() - self.totals.mark_s if self.totals.resting else 0

    @property
    def repetitions(self) -> int:
        """In the set under way, as far as they are sure."""
        return self.exercise.repetitions
