"""Sample times of a chip that converts at its own rate: which samples have come since the FIFO was last looked at."""


class SampleClock:
    """Counts whole sample periods on the world's time; started by the write that enables the conversion."""

    def __init__(self, now_us) -> None:
        self._now_us = now_us
        self._begin = 0
        self._period_ns = 0
        self._taken = 0

    def start(self, period_ns: int) -> None:
        """Begin converting now, a sample every `period_ns`; 0 stops."""
        self._begin = self._now_us()
        self._period_ns = period_ns
        self._taken = 0

    def due(self) -> int:
        """Return how many samples have been converted and not yet taken."""
        if not self._period_ns:
            return 0
        return (self._now_us() - self._begin) * 1000 // self._period_ns - self._taken

    def take(self, count: int) -> int:
        """Take that many samples at once; return the time in microseconds of the first."""
        first = self._begin + (self._taken + 1) * self._period_ns // 1000
        self._taken += count
        return first

    def time_of_next(self, ahead: int) -> int:
        """Return when the sample `ahead` places behind those taken comes (1: the next), or None while stopped."""
        if not self._period_ns:
            return None
        return self._begin + (self._taken + ahead) * self._period_ns // 1000

    def period_us(self) -> int:
        """Return the period, rounded down."""
        return self._period_ns // 1000
