"""Cycles of a slow movement along one axis: strokes, repetitions. Shared by what counts them at 6.5 Hz.

Gravity and movement are not told apart: an arm that turns carries gravity from axis to axis and back, an arm that is
pushed and drawn back speeds up and slows down; both swing the axis once in a cycle.
"""

RATE_HZ = 6.5

_SMALLEST = 80  # milli-g (1/1024 g) from top to bottom of a swing
_SHORTEST = 5  # samples: 0.8 s
_PATIENCE = 20  # samples: 3 s without a turn, and smaller swings are looked for
_ESTABLISHED = 3  # cycles: a run
NEVER = 999


class Cycles:
    """One axis. In samples: `since` the last cycle began, `last` what it took, `period` a mean; `level` in milli-g.

    A cycle begins where the axis has turned and come back by more than half of a usual swing: where its middle lies is
    all one, and holding on half way is no turn. `level` is the largest of the last three swings. `run` counts
    the cycles of about the same length that followed each other without a break.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rising = False
        self._from = self._far = 0  # the last turn and the farthest since
        self._swing2 = self._swing3 = 0
        self._held = 0  # samples since the last turn
        self.level = 0
        self.since = longest - 1
        self.last = 0
        self.period = 0
        self.run = 0

    def put(self, value: int) -> bool:
        """Take a sample in milli-g; True when a cycle begins with it."""
        since = self.since = min(self.since + 1, NEVER)
        if since == self._longest:
            self._from = self._far = value
        self._held += 1
        if self._held > _PATIENCE:
            self.level -= self.level >> 3
        edge = max(_SMALLEST, self.level * 5 >> 3)
        if self._rising:
            if value > self._far:
                self._far = value
            elif self._far - value > edge:
                self._turn(value)
        elif value < self._far:
            self._far = value
        elif value - self._far > edge and since >= _SHORTEST:
            self._turn(value)
            self._begin()
            return True
        return False

    def _turn(self, value: int) -> None:
        swing = abs(self._far - self._from)
        self.level = max(self._swing2, self._swing3, swing)
        self._swing2, self._swing3 = self._swing3, swing
        self._held = 0
        self._rising = not self._rising
        self._from = self._far
        self._far = value

    def _begin(self) -> None:
        since = self.last = self.since
        period = self.period
        if since > self._longest:
            self.run = 1
            self.period = 0
        elif period == 0 or alike(since, period):
            self.run += 1
            self.period = (period + since) >> 1 if period else since
        elif self.run < _ESTABLISHED:
            self.run = 2  # what was before was none
            self.period = since
        else:
            self.run = 1
            self.period = 0
        self.since = 0


class Sixth:
    """Acceleration at 26 Hz → means of four samples, `x`, `y` and `z` in milli-g, at RATE_HZ."""

    def __init__(self) -> None:
        self._x = self._y = self._z = 0
        self._count = 0
        self.x = self.y = self.z = 0

    def put(self, x: int, y: int, z: int) -> bool:
        """Take a sample in LSB of 0.244 mg; True when the means are new."""
        self._x += x
        self._y += y
        self._z += z
        self._count += 1
        if self._count < 4:
            return False
        self.x, self.y, self.z = self._x >> 4, self._y >> 4, self._z >> 4
        self._x = self._y = self._z = self._count = 0
        return True


def alike(one: int, other: int) -> bool:
    """Tell whether neither time is more than 1.6 of the other."""
    return 8 * one >= 5 * other and 8 * other >= 5 * one
