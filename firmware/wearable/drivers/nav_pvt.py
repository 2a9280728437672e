"""UBX-NAV-PVT, the receiver's whole solution once a second (interface description 3.15.13; 92 bytes).

Numbers are put together byte by byte: struct would make big integers of longitudes beyond ±107°.
"""

from .. import calendar
from ..gps.solution import Solution

FRAME_CLASS = 0x01
FRAME_ID = 0x07
LENGTH = 92

_VALID_DATE_TIME_RESOLVED = 0x07  # valid: validDate, validTime, fullyResolved
_FIX_OK = 0x01  # flags: gnssFixOK
_INVALID_PLACE = 0x01  # flags3: invalidLlh
_FIX_2D = 2
_FIX_3D = 3
_FIX_WITH_DEAD_RECKONING = 4


class NavPvt(Solution):
    """The solution of the payload last decoded."""

    def decode(self, payload: bytes) -> None:
        """Take the fields of a payload of at least 92 bytes; without a fix the position stays as it was."""
        self.time_valid = _take_time(self, payload)
        self.satellites = payload[23]
        self.dop_hundredths = payload[76] | payload[77] << 8
        self.horizontal_accuracy_dm = _accuracy_mm(payload, 40) // 100
        self.speed_accuracy_cm_s = _accuracy_mm(payload, 68) // 10
        if not self.judge(_reported_fix(payload)):
            return
        self.longitude_udeg = _tenth(payload, 24)
        self.latitude_udeg = _tenth(payload, 28)
        self.altitude_2dm = (_signed(payload, 36) + 100) // 200
        self.speed_cm_s = (_signed(payload, 60) + 5) // 10


def _take_time(solution: Solution, payload: bytes) -> bool:
    month = payload[6]
    if payload[11] & _VALID_DATE_TIME_RESOLVED != _VALID_DATE_TIME_RESOLVED or not 1 <= month <= 12:
        return False
    year = payload[4] | payload[5] << 8
    day_s = (payload[8] * 60 + payload[9]) * 60 + payload[10]
    solution.time_2020_s = calendar.days_since_2020(year, month, payload[7]) * calendar.DAY_S + day_s
    return True


def _reported_fix(payload: bytes) -> int:
    kind = payload[20]
    if not payload[21] & _FIX_OK or payload[78] & _INVALID_PLACE or kind < _FIX_2D or kind > _FIX_WITH_DEAD_RECKONING:
        return 0
    return _FIX_2D if kind == _FIX_2D else _FIX_3D


def _accuracy_mm(payload: bytes, at: int) -> int:
    # An unsigned number that is 2^32 - 1 for unknown; 16 km are as good as unknown.
    if payload[at + 3]:
        return 0xFFFFFF
    return payload[at + 2] << 16 | payload[at + 1] << 8 | payload[at]


def _signed(payload: bytes, at: int) -> int:
    high = payload[at + 3]
    if high >= 128:
        high -= 256
    return high << 24 | payload[at + 2] << 16 | payload[at + 1] << 8 | payload[at]


def _tenth(payload: bytes, at: int) -> int:
    # (high * 65536 + low + 5) // 10 without leaving 31 bits: 65536 = 10 * 6553 + 6.
    high = payload[at + 2] | payload[at + 3] << 8
    if high >= 32768:
        high -= 65536
    low = payload[at] | payload[at + 1] << 8
    return high * 6553 + (high * 6 + low + 5) // 10
