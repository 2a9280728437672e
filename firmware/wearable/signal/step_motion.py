"""From the accelerometer's samples to what the step detector works on: movement at half the rate, and its strength.

1 g is 1024 from here on ("milli-g" below are 1/1024 g). Gravity is the slow mean of the magnitude and is taken off.
"""

_GRAVITY_SHIFT = 5  # a mean over about 1.2 s at 26 Hz
_LEVEL_SHIFT = 5  # and over 2.5 s at 13 Hz
_LEVEL_BITS = 4
_CUT = 3  # one swing of the arm counts at most as that many times the level
_RISE = 20  # milli-g that may always be added: a level of 0 can rise
_SIZE = 96  # mean size of the levelled stream
_LIMIT = 2 * _SIZE
_FLOOR = 6  # milli-g; below it the levelled stream fades: noise of a wearable that lies still


class StepMotion:
    """Samples in at 26 Hz, one levelled movement for each two of them; the size of the movement beside it.

    `levelled` is within ±192 · `level` the robust mean size in milli-g · `peak`, `total`, `change` the largest size,
    the sum of sizes and the sum of changes since `begin_second`.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything; the next sample is the first."""
        self._root = 1024
        self._gravity = -1
        self._held = 0
        self._holding = False
        self._half = 0
        self._moving = 0
        self._level = 0
        self.level = 0
        self.levelled = 0
        self.begin_second()

    def begin_second(self) -> None:
        """Measure `peak`, `total` and `change` anew."""
        self.peak = self.total = self.change = 0

    def put(self, x: int, y: int, z: int) -> bool:
        """Take a sample (4096 LSB a g, 16 bits); True when `levelled` is new."""
        x >>= 2
        y >>= 2
        z >>= 2
        square = x * x + y * y + z * z  # at most 3 · 2**26
        root = self._root  # three steps of Heron from the last one
        root = (root + square // root) >> 1 or 1
        root = (root + square // root) >> 1 or 1
        root = (root + square // root) >> 1 or 1
        self._root = root
        return self._take(root)

    def _take(self, magnitude: int) -> bool:
        if self._gravity < 0:
            self._gravity = magnitude << _GRAVITY_SHIFT
        still = magnitude - (self._gravity >> _GRAVITY_SHIFT)
        self._gravity += still
        self._holding = not self._holding
        if self._holding:
            self._held = still
            return False
        half = (self._held + still) >> 1
        moving = (half + self._half) >> 1
        self._half = half
        self._measure(moving)
        return True

    def _measure(self, moving: int) -> None:
        size = moving if moving >= 0 else -moving
        cut = _CUT * self._level + (_RISE << _LEVEL_BITS)
        self._level += (min(size << _LEVEL_BITS, cut) - self._level) >> _LEVEL_SHIFT
        level = self.level = self._level >> _LEVEL_BITS
        self.levelled = min(max(moving * _SIZE // (level + _FLOOR), -_LIMIT), _LIMIT)
        self.peak = max(self.peak, size)
        self.total += size
        change = moving - self._moving
        self.change += change if change >= 0 else -change
        self._moving = moving
