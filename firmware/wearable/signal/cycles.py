"""Cycles of a slow movement along one axis: strokes, repetitions. Shared by what counts them at 6.5 Hz.

Gravity and movement are not told apart: an arm that turns carries gravity from axis to axis and back, an arm that is
pushed and drawn back speeds up and slows down; both swing the axis once in a cycle.
"""

RATE_HZ = 6.5

_BASE_SHIFT = 5  # the middle of the swing: a mean over 5 s
_LEVEL_SHIFT = 4
_SMALLEST = 40  # milli-g (1/1024 g) that a cycle must reach on both sides of the middle
_SHORTEST = 5  # samples: 0.8 s
NEVER = 999


class Cycles:
    """One axis. `since` the last cycle began, and `period`, a mean, in samples; `level` the mean size in milli-g.

    `run` counts the cycles of about the same length that followed each other without a break.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._base = 0
        self._started = False
        self.restart()

    def restart(self) -> None:
        """Forget the cycles, not where the middle is."""
        self._up = False
        self._level = 0
        self.level = 0
        self.since = NEVER
        self.period = 0
        self.run = 0

    def put(self, value: int) -> bool:
        """Take a sample in milli-g; True when a cycle begins with it."""
        if not self._started:
            self._started = True
            self._base = value << _BASE_SHIFT
        swing = value - (self._base >> _BASE_SHIFT)
        self._base += swing
        size = swing if swing >= 0 else -swing
        self._level += ((size << _LEVEL_SHIFT) - self._level) >> _LEVEL_SHIFT
        level = self.level = self._level >> _LEVEL_SHIFT
        self.since = min(self.since + 1, NEVER)
        edge = max(_SMALLEST, level >> 1)
        if self._up:
            if swing < -edge:
                self._up = False
        elif swing > edge and self.since >= _SHORTEST:
            self._up = True
            self._begin()
            return True
        return False

    def _begin(self) -> None:
        since = self.since
        period = self.period
        if since > self._longest:
            self.run = 1
            self.period = 0
        elif period == 0 or (2 * since > period and since < 2 * period):
            self.run += 1
            self.period = (period + since) >> 1 if period else since
        else:
            self.run = 1
            self.period = since
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
