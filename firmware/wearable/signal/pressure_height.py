"""Height from pressure: fine steps from the standard atmosphere, the absolute height from the mean of GPS.

Weather moves the pressure by some 10 m a day and a receiver's height wanders by as much a minute: so the mean of the
difference over a quarter of an hour is taken for the truth, and climbs are counted without it.
"""

from array import array

from micropython import const

_LEAST_PA = const(30_000)  # 9.2 km
_MOST_PA = const(110_000)
_STEP_PA = const(1_000)  # a straight line between two is off by 0.3 m at most
_LONGEST = const(900)  # solutions in the mean
_FRACTION_BITS = const(8)


def standard_cm(pressure_pa: float) -> int:
    """Return the height at which the standard atmosphere (ISO 2533) has this pressure."""
    return round(4_433_077 * (1 - (pressure_pa / 101_325) ** 0.190263))


class PressureHeight:
    """`climb_2dm` for differences, `altitude_2dm` for the column, once `known`; all in units of 0.2 m."""

    def __init__(self) -> None:
        pressures = range(_LEAST_PA, _MOST_PA + _STEP_PA, _STEP_PA)
        self._heights_cm = array("i", [standard_cm(pressure) for pressure in pressures])
        self._offset = 0  # with fraction bits
        self._count = 0
        self.known = False
        self.climb_2dm = 0

    def put(self, pressure_pa: int) -> None:
        """Take a pressure."""
        above = min(max(pressure_pa, _LEAST_PA), _MOST_PA - 1) - _LEAST_PA
        at = above // _STEP_PA
        low = self._heights_cm[at]
        self.climb_2dm = (low + (self._heights_cm[at + 1] - low) * (above % _STEP_PA) // _STEP_PA) // 20
        self.known = True

    def lost(self) -> None:
        """The sensor failed."""
        self.known = False

    def gps(self, altitude_2dm: int) -> None:
        """Take a receiver's height of now."""
        if self.known:
            self._count = min(self._count + 1, _LONGEST)
            away = ((altitude_2dm - self.climb_2dm) << _FRACTION_BITS) - self._offset
            self._offset += away // self._count

    @property
    def altitude_2dm(self) -> int:
        """The height above the sea, by the standard atmosphere until GPS has told one."""
        return self.climb_2dm + (self._offset >> _FRACTION_BITS)
