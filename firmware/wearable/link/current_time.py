"""Current Time (0x2A2B) and Local Time Information (0x2A0F): local time becomes UTC, or nothing without its zone.

Bluetooth SIG, GATT Specification Supplement.
"""

import struct

from ..calendar import DAY_S, date_of, days_since_2020

_QUARTER_S = 900


def utc_2020_of(time: bytes, zone: bytes) -> int:
    """Return the UTC of a Current Time value (local) with its Local Time Information, 0 when it cannot be known."""
    if len(time) < 9 or len(zone) < 2:
        return 0
    year, month, day, hour, minute, second, _, fraction = struct.unpack_from("<HBBBBBBB", time)
    quarters, summer = struct.unpack_from("bB", zone)
    if not -48 <= quarters <= 56 or summer not in (0, 2, 4, 8):  # -128 and 255 are "unknown"
        return 0
    if not 2024 <= year < 2100 or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        return 0
    days = days_since_2020(year, month, day)
    if date_of(days) != (year, month, day):
        return 0
    local = days * DAY_S + (hour * 60 + minute) * 60 + second + (fraction >> 7)
    return local - (quarters + summer) * _QUARTER_S
