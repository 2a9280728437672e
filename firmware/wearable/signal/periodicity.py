"""The period of a rhythmic stream, by a running autocorrelation.

Every new sample adds its products with the samples before it and takes off those that leave the window, so the sums
are exact and a sample costs one pass over the lags. Samples within ±256 and windows up to 256 keep sums within 2**24.
"""

from array import array

_RING = 512
_MASK = _RING - 1
FRACTION = 256  # lags are given in 1/256 samples


class Periodicity:
    """Finds the lag at which the last `window` samples repeat; lags from `lowest` to `highest` samples are looked at.

    Of several peaks the first that reaches `keep` per cent of the best one is the period: its multiples are as high.
    """

    def __init__(self, window: int, lowest: int, highest: int, keep: int) -> None:
        if window + highest >= _RING:
            raise ValueError("the window and the longest lag do not fit the ring")
        self._window = window
        self._lowest = lowest
        self._highest = highest
        self._keep = keep
        self._ring = array("h", [0] * _RING)
        self._sums = array("i", [0] * (highest + 2))
        self._at = 0
        self.filled = 0  # samples so far, held at the window's length
        self.quality = 0  # of the last estimate: per cent of a perfect repetition

    def put(self, sample: int) -> None:
        """Take one sample within ±256."""
        ring = self._ring
        sums = self._sums
        at = self._at
        ring[at] = sample
        leaving = at - self._window
        left = ring[leaving & _MASK]
        sums[0] += sample * sample - left * left
        for lag in range(self._lowest - 1, self._highest + 2):
            sums[lag] += sample * ring[(at - lag) & _MASK] - left * ring[(leaving - lag) & _MASK]
        self._at = (at + 1) & _MASK
        if self.filled < self._window:
            self.filled += 1

    def estimate(self) -> int:
        """Return the period in 1/256 samples, 0 when nothing repeats; sets `quality`."""
        sums = self._sums
        self.quality = 0
        best = 0
        for lag in range(self._lowest, self._highest + 1):
            if sums[lag] > best and self._is_peak(lag):
                best = sums[lag]
        energy = sums[0]
        if best == 0 or energy == 0:
            return 0
        floor = best // 100 * self._keep
        lag = self._lowest
        while not (sums[lag] >= floor and self._is_peak(lag)):
            lag += 1
        self.quality = min(sums[lag] // (energy // 100 + 1), 100)
        return self._refined(lag)

    def _is_peak(self, lag: int) -> bool:
        sums = self._sums
        return sums[lag] >= sums[lag - 1] and sums[lag] > sums[lag + 1]

    def _refined(self, lag: int) -> int:
        # The peaks at multiples of the period tell it more exactly, as far as they are in reach.
        period = self._vertex(lag)
        times = 2
        while True:
            near = (period * times + FRACTION // 2) // FRACTION
            if near >= self._highest:
                return period
            if self._sums[near - 1] > self._sums[near]:
                near -= 1
            elif self._sums[near + 1] > self._sums[near]:
                near += 1
            if near > self._highest or not self._is_peak(near):
                return period
            period = self._vertex(near) // times
            times += 1

    def _vertex(self, lag: int) -> int:
        # The top of the parabola through the three sums around the lag.
        before, here, after = self._sums[lag - 1] >> 6, self._sums[lag] >> 6, self._sums[lag + 1] >> 6
        bend = before - 2 * here + after
        if bend >= 0:
            return lag * FRACTION
        return lag * FRACTION + (before - after) * (FRACTION // 2) // bend
