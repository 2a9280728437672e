"""The resting heart rate: the lowest that lasts a quarter of an hour while the wearer is still.

After Logan et al., Med Sci Sports Exerc 32 (2000) 162-166: the lowest mean over consecutive minutes, not the lowest
single value. All day the sensor looks only for some seconds in five minutes, so averaged are three slots of five
minutes, one after the other, each without steps and with some confident seconds.
"""

from array import array

from micropython import const

SLOT_S = const(300)
_SLOTS = const(3)
_FEWEST_S = const(8)  # confident seconds in a slot
_BITS = const(4)


class RestingHeartRate:
    """Takes a rate each second; take() gives the lowest found since it was last asked."""

    def __init__(self) -> None:
        self._means = array("H", [0] * _SLOTS)  # of the last slots, in 16ths; 0 where not at rest
        self._sum = self._seconds = self._age_s = 0
        self._moved = False
        self._lowest = 0

    def second(self, bpm: int, moved: bool) -> None:
        """Take a second: its rate, 0 when not confident or the wearer is not still, and whether a step was made."""
        if bpm:
            self._sum += bpm
            self._seconds += 1
        self._moved = self._moved or moved
        self._age_s += 1
        if self._age_s == SLOT_S:
            self._slot()

    def take(self) -> int:
        """Return the lowest mean in bpm since the last call, 0 without any."""
        lowest = (self._lowest + 8) >> _BITS
        self._lowest = 0
        return lowest

    def _slot(self) -> None:
        means = self._means
        sure = self._seconds >= _FEWEST_S and not self._moved
        mean = (self._sum << _BITS) // self._seconds if sure else 0
        self._sum = self._seconds = self._age_s = 0
        self._moved = False
        total = mean
        whole = mean > 0
        for i in range(1, _SLOTS):
            means[i - 1] = means[i]
            total += means[i]
            whole = whole and means[i] > 0
        means[_SLOTS - 1] = mean
        if whole and (self._lowest == 0 or total // _SLOTS < self._lowest):
            self._lowest = total // _SLOTS
