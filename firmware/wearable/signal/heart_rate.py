"""Heart rate from one PPG stream at 25 Hz (18-bit numbers of a MAX3010x, more light = larger).

Slow part off, high frequencies off, levelled, then the period of the last eight seconds by autocorrelation; one answer
a second.
"""

from .filters import HighPass, Leveller, MovingAverage
from .periodicity import FRACTION, Periodicity

SAMPLE_RATE_HZ = 25

_WINDOW = 8 * SAMPLE_RATE_HZ
_SETTLING = 5 * SAMPLE_RATE_HZ
_LOWEST_LAG = 6  # 250 bpm
_HIGHEST_LAG = 39  # 38 bpm
_KEEP_PERCENT = 80

_WORN_LEVEL = 10_000  # reflected light without skin stays far below (of 262143)
_FLAT_SIZE = 6  # a pulse moves the light by more than sensor noise does
_GOOD, _FAIR, _UNSURE = 75, 60, 45  # per cent of a perfect repetition

_NEAR_BPM = 10  # a heart does not change faster within a second
_HOLD_S = 4  # so a jump must last this long to be believed


class HeartRate:
    """`bpm` (0 none), `confidence` (0 none or not worn, 1 unsure, 2 fair, 3 good) and `worn`, renewed each second."""

    def __init__(self) -> None:
        self._slow = HighPass(4)
        self._slower = HighPass(4)
        self._smooth = MovingAverage(3)
        self._level = Leveller(64)
        self._period = Periodicity(_WINDOW, _LOWEST_LAG, _HIGHEST_LAG, _KEEP_PERCENT)
        self._countdown = SAMPLE_RATE_HZ
        self._since_worn = 0
        self._tracked_bpm = 0
        self._jumps = 0
        self.bpm = 0
        self.confidence = 0
        self.worn = False

    def put(self, sample: int) -> None:
        """Take one sample."""
        beat = self._smooth.put(self._slower.put(self._slow.put(sample)))
        self.worn = self._slow.level() >= _WORN_LEVEL
        self._since_worn = min(self._since_worn + 1, _SETTLING) if self.worn else 0
        self._period.put(self._level.put(-beat))
        self._countdown -= 1
        if self._countdown == 0:
            self._countdown = SAMPLE_RATE_HZ
            self._answer()

    def _answer(self) -> None:
        period = 0
        if self._since_worn == _SETTLING and self._level.size >= _FLAT_SIZE:
            period = self._period.estimate()
        confidence = self._graded(self._period.quality) if period else 0
        if confidence == 0:
            self.bpm = self.confidence = self._tracked_bpm = self._jumps = 0
            return
        self._track((60 * SAMPLE_RATE_HZ * FRACTION + period // 2) // period)
        self.bpm = self._tracked_bpm
        self.confidence = 1 if self._jumps else confidence

    def _graded(self, quality: int) -> int:
        if quality >= _GOOD:
            return 3
        if quality >= _FAIR:
            return 2
        return 1 if quality >= _UNSURE else 0

    def _track(self, bpm: int) -> None:
        away = bpm - self._tracked_bpm
        if self._tracked_bpm == 0 or -_NEAR_BPM <= away <= _NEAR_BPM:
            self._tracked_bpm = bpm if self._tracked_bpm == 0 else self._tracked_bpm + (away * 2 + (away > 0)) // 3
            self._jumps = 0
            return
        self._jumps += 1
        if self._jumps > _HOLD_S:
            self._tracked_bpm = bpm
            self._jumps = 0
