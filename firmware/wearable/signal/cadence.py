"""Steps per minute from a worn accelerometer at 26 Hz and ±8 g.

The squared magnitude is used as it is: around 1 g it moves twice as much as the magnitude and needs no root.
"""

from .filters import HighPass, Leveller, MovingAverage
from .periodicity import FRACTION, Periodicity

SAMPLE_RATE_HZ = 26

_WINDOW = 5 * SAMPLE_RATE_HZ
_SETTLING = 3 * SAMPLE_RATE_HZ
_LOWEST_LAG = 6  # 260 steps a minute
_HIGHEST_LAG = 34  # 46 steps a minute
_KEEP_PERCENT = 40  # the arm's swing, two steps long, often repeats better than the single step

_G_SHIFT = 4  # 1 g is 256 after this
_STILL_SIZE = 3_000  # mean size of the moving part of the squared magnitude, 1 g² = 65536: about 0.03 g
_RHYTHMIC = 45  # per cent of a perfect repetition


class Cadence:
    """`spm` (steps per minute, 0 when still or without rhythm) and `steps` (counted from it), renewed each second."""

    def __init__(self) -> None:
        self._slow = HighPass(5)
        self._smooth = MovingAverage(3)
        self._level = Leveller(64)
        self._period = Periodicity(_WINDOW, _LOWEST_LAG, _HIGHEST_LAG, _KEEP_PERCENT)
        self._countdown = SAMPLE_RATE_HZ
        self._sixtieths = 0
        self.spm = 0
        self.steps = 0

    def put(self, x: int, y: int, z: int) -> None:
        """Take one sample, in LSB of 0.244 mg."""
        x >>= _G_SHIFT
        y >>= _G_SHIFT
        z >>= _G_SHIFT
        moving = self._smooth.put(self._slow.put(min((x * x + y * y + z * z), 0x3FFFFF)))
        self._period.put(self._level.put(moving))
        self._countdown -= 1
        if self._countdown == 0:
            self._countdown = SAMPLE_RATE_HZ
            self._answer()

    def _answer(self) -> None:
        self.spm = 0
        if self._level.size < _STILL_SIZE or self._period.filled < _SETTLING:
            return
        period = self._period.estimate()
        if period and self._period.quality >= _RHYTHMIC:
            self.spm = (60 * SAMPLE_RATE_HZ * FRACTION + period // 2) // period
            self._sixtieths += self.spm
            self.steps += self._sixtieths // 60
            self._sixtieths %= 60
