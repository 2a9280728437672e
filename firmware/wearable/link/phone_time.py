"""The time from a phone that offers the Current Time Service: a clock for a wearable that has none.

Nobody proves anything here, so that it is the weakest of all clock sources (docs/STANDARD_SERVICES.md).
"""

import bluetooth
from micropython import const

from .current_time import utc_2020_of

CHARACTERISTIC_RESULT = const(11)
CHARACTERISTIC_DONE = const(12)
READ_RESULT = const(15)
READ_DONE = const(16)

_CURRENT_TIME = const(0x2A2B)
_LOCAL_TIME_INFORMATION = const(0x2A0F)

_NOBODY = const(-1)


class PhoneTime:
    """Asks one connection at a time; `told(utc_2020_s)` is called with what a phone knows.

    Look for both characteristics, then read the zone, then the time, which is used at once.
    """

    def __init__(self, ble, told) -> None:
        self._ble = ble
        self._told = told
        self._handle = _NOBODY
        self._found = 0
        self._zone_at = 0
        self._zone = b""

    def ask(self, handle: int) -> None:
        """Begin, unless another one is being asked."""
        if self._handle == _NOBODY:
            self._handle = handle
            self._found = self._zone_at = 0
            self._zone = b""
            self._do(self._ble.gattc_discover_characteristics, 1, 0xFFFF, bluetooth.UUID(_LOCAL_TIME_INFORMATION))

    def lost(self, handle: int) -> None:
        """The connection has ended."""
        if handle == self._handle:
            self._handle = _NOBODY

    def event(self, event: int, handle: int, value) -> None:
        """Take a step: `value` is a handle found, the status of what is done, or the bytes read."""
        if handle != self._handle:
            return
        if event == CHARACTERISTIC_RESULT:
            self._found = value
        elif event == READ_RESULT:
            if self._zone:
                self._handle = _NOBODY
                utc = utc_2020_of(value, self._zone)
                if utc:
                    self._told(utc)
            else:
                self._zone = value
        elif value or not self._found or (event == READ_DONE and not self._zone):
            self._handle = _NOBODY  # refused, or not offered
        elif event == READ_DONE:
            self._do(self._ble.gattc_read, self._found)
        elif self._zone_at:
            self._do(self._ble.gattc_read, self._zone_at)
        else:
            self._zone_at, self._found = self._found, 0
            self._do(self._ble.gattc_discover_characteristics, 1, 0xFFFF, bluetooth.UUID(_CURRENT_TIME))

    def _do(self, step, *arguments) -> None:
        try:
            step(self._handle, *arguments)
        except OSError:
            self._handle = _NOBODY
