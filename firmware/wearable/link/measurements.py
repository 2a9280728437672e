"""Live values as the standard services carry them, packed into a buffer given; each function returns the length.

Bluetooth SIG, GATT Specification Supplement: Heart Rate Measurement, RSC Measurement, Location and Speed. Everything is
little-endian and at most SIZE long, which every connection can carry (an ATT MTU of 23 less 3): the radio would cut a
longer one off without a word.
"""

from struct import pack_into

from micropython import const

from ..calendar import DAY_S

SIZE = 20
MOST_INTERVALS = 9  # RR intervals beside flags and rate

_CONTACT = const(0x02)
_CONTACT_SUPPORTED = const(0x04)
_INTERVALS = const(0x10)

_STRIDE = const(0x01)
_DISTANCE = const(0x02)
_RUNNING = const(0x04)
_RUN_CM_S = const(200)  # where people change from walking to running

_SPEED = const(0x01)  # Location and Speed: a speed, a total distance (2) …
_LOCATION = const(0x04)
_ELEVATION = const(0x08)
_UTC = const(0x40)
_POSITION_OK = const(0x80)
_IN_SPACE = const(3)


def pack_heart_rate(into: bytearray, bpm: int, worn: bool, intervals, count: int) -> int:
    """Pack the rate, whether the sensor is worn, and the first `count` RR intervals in 1/1024 s."""
    into[0] = _CONTACT_SUPPORTED | (_CONTACT if worn else 0) | (_INTERVALS if count else 0)
    into[1] = min(bpm, 255)
    for i in range(count):
        pack_into("<H", into, 2 + 2 * i, intervals[i])
    return 2 + 2 * count


def pack_running(into: bytearray, speed_cm_s: int, cadence_spm: int, distance_cm: int) -> int:
    """Pack speed, strides per minute (two steps each), the length of a stride if there are any, and the distance."""
    flags = _DISTANCE | (_RUNNING if speed_cm_s >= _RUN_CM_S else 0)
    length = 4
    if cadence_spm:
        flags |= _STRIDE
        pack_into("<H", into, 4, min(speed_cm_s * 120 // cadence_spm, 0xFFFF))
        length = 6
    pack_into("<BHB", into, 0, flags, min(speed_cm_s * 64 // 25, 0xFFFF), min((cadence_spm + 1) // 2, 255))
    pack_into("<I", into, length, distance_cm // 10)
    return length + 4


def pack_location(into: bytearray, fix: int, solution, distance_cm: int) -> int:
    """Pack distance and, with a fix, speed, position, and the height of a fix in space."""
    flags = _DISTANCE
    at = 2
    if fix:
        flags |= _SPEED | _LOCATION | _POSITION_OK
        pack_into("<H", into, 2, min(solution.speed_cm_s, 0xFFFF))
        at = 4
    _put_24(into, at, distance_cm // 10)
    at += 3
    if fix:
        at = _put_position(into, at, solution)
        if fix == _IN_SPACE:
            flags |= _ELEVATION
            _put_24(into, at, solution.altitude_2dm * 20)
            at += 3
    pack_into("<H", into, 0, flags)
    return at


def pack_moment(into: bytearray, fix: int, solution, date, utc_2020_s: int) -> int:
    """Pack the time and, with a fix, speed and position; `date` is (year, month, day) of that time."""
    flags = _UTC
    at = 2
    if fix:
        flags |= _SPEED | _LOCATION | _POSITION_OK
        pack_into("<H", into, 2, min(solution.speed_cm_s, 0xFFFF))
        at = _put_position(into, 4, solution)
    second = utc_2020_s % DAY_S
    pack_into("<HBBBBB", into, at, date[0], date[1], date[2], second // 3600, second // 60 % 60, second % 60)
    pack_into("<H", into, 0, flags)
    return at + 7


def _put_position(into: bytearray, at: int, solution) -> int:
    _put_tenfold(into, at, solution.latitude_udeg)
    _put_tenfold(into, at + 4, solution.longitude_udeg)
    return at + 8


def _put_tenfold(into: bytearray, at: int, value: int) -> None:
    # 180 degrees in 1e-7 are more than 31 bits: halves, so that nothing is taken from the heap.
    low = (value & 0xFFFF) * 10
    high = (value >> 16) * 10 + (low >> 16)
    pack_into("<HH", into, at, low & 0xFFFF, high & 0xFFFF)


def _put_24(into: bytearray, at: int, value: int) -> None:
    pack_into("<HB", into, at, value & 0xFFFF, value >> 16 & 0xFF)
