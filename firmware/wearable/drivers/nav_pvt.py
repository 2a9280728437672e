"""UBX-NAV-PVT, the receiver's whole solution once a second (interface description 3.15.13; 92 bytes).

Numbers are put together byte by byte: struct would make big integers of longitudes beyond ±107°.
"""

from .. import calendar

FRAME_CLASS = 0x01
FRAME_ID = 0x07
LENGTH = 92

_VALID_DATE_TIME_RESOLVED = 0x07  # valid: validDate, validTime, fullyResolved
_FIX_OK = 0x01  # flags: gnssFixOK
_FIX_2D = 2
_FIX_3D = 3
_FIX_WITH_DEAD_RECKONING = 4


class NavPvt:
    """One solution, in the units of a sample; the object is filled anew by each decode()."""

    def __init__(self) -> None:
        self.time_valid = False
        self.time_2020_s = 0  # seconds since 2020-01-01 UTC (see calendar)
        self.fix = 0  # 0 none, 2 flat, 3 in space
        self.satellites = 0
        self.latitude_udeg = 0
        self.longitude_udeg = 0
        self.altitude_2dm = 0
        self.speed_cm_s = 0

    def decode(self, payload: bytes) -> None:
        """Take the fields of a payload of at least 92 bytes; without a fix the position stays as it was."""
        self.time_valid = payload[11] & _VALID_DATE_TIME_RESOLVED == _VALID_DATE_TIME_RESOLVED
        if self.time_valid:
            year = payload[4] | payload[5] << 8
            day_s = (payload[8] * 60 + payload[9]) * 60 + payload[10]
            self.time_2020_s = calendar.days_since_2020(year, payload[6], payload[7]) * calendar.DAY_S + day_s
        self.satellites = payload[23]
        kind = payload[20]
        if not payload[21] & _FIX_OK or kind < _FIX_2D or kind > _FIX_WITH_DEAD_RECKONING:
            self.fix = 0
            return
        self.fix = _FIX_2D if kind == _FIX_2D else _FIX_3D
        self.longitude_udeg = _tenth(payload, 24)
        self.latitude_udeg = _tenth(payload, 28)
        self.altitude_2dm = (_signed(payload, 36) + 100) // 200
        self.speed_cm_s = (_signed(payload, 60) + 5) // 10


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
