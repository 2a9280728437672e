"""Integer filters for sensor streams, one sample at a time."""

from array import array

_FRACTION_BITS = 4


class HighPass:
    """Removes the slow part: a leaky mean over about 2**shift samples is taken off; the first sample sets the mean.

    Samples may have 22 bits and a sign.
    """

    def __init__(self, shift: int) -> None:
        self._shift = shift
        self._mean = 0
        self._empty = True

    def put(self, sample: int) -> int:
        """Return the sample without its slow part."""
        scaled = sample << _FRACTION_BITS
        if self._empty:
            self._mean = scaled
            self._empty = False
        difference = scaled - self._mean
        self._mean += difference >> self._shift
        return difference >> _FRACTION_BITS

    def level(self) -> int:
        """Return the slow part."""
        return self._mean >> _FRACTION_BITS


class MovingAverage:
    """The mean of the last `length` samples; a low pass with its first zero at rate / length."""

    def __init__(self, length: int) -> None:
        self._ring = array("i", [0] * length)
        self._at = 0
        self._sum = 0

    def put(self, sample: int) -> int:
        """Return the mean of this sample and those before it."""
        ring = self._ring
        at = self._at
        self._sum += sample - ring[at]
        ring[at] = sample
        at += 1
        self._at = 0 if at == len(ring) else at
        return self._sum // len(ring)


class Leveller:
    """Brings a band-passed stream to an even strength: mean size near `target`, cut at four times that.

    `size` is the mean size of the stream as it came in; it rises fast and falls slowly, so that one knock does not mute
    what follows for long.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._limit = 4 * target
        self._size = 0  # with 4 fraction bits
        self.size = 0

    def put(self, sample: int) -> int:
        """Return the levelled sample, 0 while the stream is flat."""
        size = sample if sample >= 0 else -sample
        difference = (size << _FRACTION_BITS) - self._size
        self._size += difference >> (4 if difference > 0 else 6)
        self.size = self._size >> _FRACTION_BITS
        if self._size <= 0:
            return 0
        levelled = (sample * self._target << _FRACTION_BITS) // self._size
        return min(max(levelled, -self._limit), self._limit)
