"""How often the wearer steps, from the autocorrelation of six seconds of levelled movement at 13 Hz.

The movement repeats with the step and, often better, with two steps: a swinging arm or a leg's pocket moves once for
both feet. Which of them was found is told by its size: nobody moves that much at so slow a step.
"""

from array import array

import micropython
from micropython import const

from .pointers import ptr16, ptr32

RATE_HZ = 13
_RING = const(128)
_MASK = const(127)
_BIAS = const(0x8000)  # of the samples in the ring: viper loads without a sign
_WINDOW = const(78)
_LOWEST = const(3)  # 260 steps a minute
_HIGHEST = 26  # 30 a minute: the longest that may be taken for a period
_REACH = const(41)  # multiples of the period are looked at up to here
_SETTLED = 39  # samples before the first answer

_FRACTION = 256  # periods are in 1/256 samples
_MINUTE = 60 * RATE_HZ * _FRACTION * 16  # rates are in 1/16 steps a minute

_SURE = 50  # per cent of a perfect repetition
_AS_GOOD = 60  # per cent of the best peak that a shorter one must reach, when the best is sure …
_AS_GOOD_WEAK = 80  # … and when the movement is weak: the foot that comes down and the one that leaves look like two
_WEAK = 105  # milli-g
_MULTIPLE = 30  # per cent of a perfect repetition from which a multiple is worth reading
_TWICE_BELOW = 104 * 16  # a rate over it is never that of two steps
_TWICE_LEVEL = 130  # milli-g that are too much for a step at 60 a minute or less
_TWICE_FROM = 60 * 16
_TWICE_MOST = 320  # milli-g: from there on it is a run, at any rate below the one above
_SLOWEST = 38 * 16
_FASTEST = 235 * 16


def _most(rate: int) -> int:
    # The size of movement, in milli-g, over which a rate is that of two steps.
    return min(_TWICE_LEVEL + max(rate - _TWICE_FROM, 0) * 15 // 32, _TWICE_MOST)


@micropython.viper
def _put(ring: ptr16, sums: ptr32, at: int, sample: int):
    # The sample's products come in, those of the one that leaves the window go out.
    leaving = at - _WINDOW
    left = ring[leaving & _MASK] - _BIAS
    ring[at] = sample + _BIAS
    sums[0] += sample * sample - left * left
    for lag in range(_LOWEST - 1, _REACH + 2):
        come = sample * (ring[(at - lag) & _MASK] - _BIAS)
        sums[lag] += come - left * (ring[(leaving - lag) & _MASK] - _BIAS)


class StepRhythm:
    """Movement in; asked each second, `rate` (1/16 steps a minute, 0 for none) and `quality` (per cent) come out."""

    def __init__(self) -> None:
        self._ring = array("H", [_BIAS] * _RING)
        self._sums = array("i", [0] * (_REACH + 2))  # of products, each 2**15.2 at most: 2**22 in all
        self.restart()

    def restart(self) -> None:
        """Forget the movement so far."""
        for i in range(_RING):
            self._ring[i] = _BIAS
        for i in range(_REACH + 2):
            self._sums[i] = 0
        self._at = 0
        self._filled = 0
        self.rate = 0
        self.quality = 0

    def put(self, sample: int) -> None:
        """Take one sample within ±192."""
        _put(self._ring, self._sums, self._at, sample)
        self._at = (self._at + 1) & _MASK
        if self._filled < _WINDOW:
            self._filled += 1

    def ask(self, level: int) -> None:
        """Renew `rate` and `quality`; `level` is the mean size of the movement in milli-g."""
        self.rate = self.quality = 0
        if self._filled < _SETTLED:
            return
        best = self._best()
        if best == 0:
            return
        self.quality = self._percent(best)
        rate = _MINUTE // self._refined(self._shortest(best, level))
        if rate < _TWICE_BELOW and level > _most(rate):
            rate *= 2
        self.rate = rate if _SLOWEST <= rate <= _FASTEST else 0

    def _percent(self, lag: int) -> int:
        return self._sums[lag] // (self._sums[0] // 100 + 1)

    def _is_peak(self, lag: int) -> bool:
        sums = self._sums
        return sums[lag] >= sums[lag - 1] and sums[lag] > sums[lag + 1]

    def _best(self) -> int:
        sums = self._sums
        best = 0
        top = 0
        for lag in range(_LOWEST, _HIGHEST + 1):
            if sums[lag] > top and self._is_peak(lag):
                top = sums[lag]
                best = lag
        return best

    def _shortest(self, best: int, level: int) -> int:
        # Multiples of a sure period repeat as well as the period itself.
        if self.quality < _SURE:
            return best
        floor = self._sums[best] // 100 * (_AS_GOOD_WEAK if level < _WEAK else _AS_GOOD)
        lag = _LOWEST
        while lag < best and not (self._sums[lag] >= floor and self._is_peak(lag)):
            lag += 1
        return lag

    def _refined(self, lag: int) -> int:
        # A peak at a multiple tells the period more exactly.
        period = self._vertex(lag)
        times = 2
        while True:
            near = (period * times + _FRACTION // 2) // _FRACTION
            if near >= _REACH:
                return period
            if self._sums[near - 1] > self._sums[near]:
                near -= 1
            elif self._sums[near + 1] > self._sums[near]:
                near += 1
            if near > _REACH or not self._is_peak(near) or self._percent(near) < _MULTIPLE:
                return period
            period = self._vertex(near) // times
            times += 1

    def _vertex(self, lag: int) -> int:
        # The top of the parabola through the three sums around the lag.
        before, here, after = self._sums[lag - 1] >> 6, self._sums[lag] >> 6, self._sums[lag + 1] >> 6
        bend = before - 2 * here + after
        if bend >= 0:
            return lag * _FRACTION
        return lag * _FRACTION + (before - after) * (_FRACTION // 2) // bend
