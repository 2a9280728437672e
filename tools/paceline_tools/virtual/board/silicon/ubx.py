"""UBX frames and what goes into them (u-blox M10 SPG 5.10 interface description, UBX-21035062)."""

import struct

import utime

_GPS_EPOCH_UNIX_S = 315964800
_LEAP_S = 18
_WEEK_MS = 7 * 86400 * 1000


def checksum(data) -> bytes:
    """Return the 8-bit Fletcher sum over class, id, length and payload (3.4)."""
    a = b = 0
    for byte in data:
        a = (a + byte) & 0xFF
        b = (b + a) & 0xFF
    return bytes((a, b))


def frame(message_class: int, message_id: int, payload: bytes) -> bytes:
    """Return a whole frame."""
    body = struct.pack("<BBH", message_class, message_id, len(payload)) + payload
    return b"\xb5\x62" + body + checksum(body)


def nav_pvt(utc_s: int, moment, time_known: bool) -> bytes:
    """Return UBX-NAV-PVT (0x01 0x07, 92 bytes, 3.15.13) of a second of the world."""
    year, month, day, hour, minute, second = utime.gmtime(utc_s)[:6]
    fixed = moment.fix >= 2
    place = (moment.longitude_e7, moment.latitude_e7, moment.altitude_mm + 47_000, moment.altitude_mm)
    accuracy = (
        (2_500, 4_000, 200) if moment.fix == 3 else (9_000, 30_000, 600) if fixed else (4294967295, 3750000000, 20_000)
    )
    return struct.pack(
        "<IHBBBBBBIiBBBBiiiiIIiiiiiIIHH4xihH",
        ((utc_s - _GPS_EPOCH_UNIX_S + _LEAP_S) * 1000) % _WEEK_MS,
        year,
        month,
        day,
        hour,
        minute,
        second,
        0x07 if time_known else 0x00,  # validDate, validTime, fullyResolved
        25 if time_known else 4294967295,
        0,
        moment.fix,
        0x01 if fixed else 0x00,  # gnssFixOK
        0xE0 if time_known else 0x00,  # confirmedAvai, confirmedDate, confirmedTime
        14 if moment.fix == 3 else 5 if fixed else 1,
        *place,
        accuracy[0],
        accuracy[1],
        moment.speed_mm_s,
        0,
        0,
        moment.speed_mm_s,
        0,
        accuracy[2],
        1_800_000,
        120 if fixed else 9999,
        0,
        0,
        0,
        0,
    )


def nmea(utc_s: int, moment) -> bytes:
    """Return the RMC and GGA sentences of a second, as a receiver sends them that nobody configured."""
    year, month, day, hour, minute, second = utime.gmtime(utc_s)[:6]
    clock = "%02d%02d%02d.00" % (hour, minute, second)
    if moment.fix >= 2:
        place = "%s,%s" % (_angle(moment.latitude_e7, 2, "NS"), _angle(moment.longitude_e7, 3, "EW"))
        knots = "%.3f" % (moment.speed_mm_s / 514.444)
        rmc = "GNRMC,%s,A,%s,%s,,%02d%02d%02d,,,A,V" % (clock, place, knots, day, month, year % 100)
        gga = "GNGGA,%s,%s,1,12,0.80,%.1f,M,47.0,M,," % (clock, place, moment.altitude_mm / 1000)
    else:
        rmc = "GNRMC,%s,V,,,,,,,%02d%02d%02d,,,N,V" % (clock, day, month, year % 100)
        gga = "GNGGA,%s,,,,,0,00,99.99,,,,,," % clock
    return _sentence(rmc) + _sentence(gga)


def _angle(e7: int, width: int, letters: str) -> str:
    degrees, rest = divmod(abs(e7), 10_000_000)
    minutes = rest * 60 // 100  # 1e-5 minutes
    return "%0*d%02d.%05d,%s" % (width, degrees, minutes // 100_000, minutes % 100_000, letters[e7 < 0])


def _sentence(text: str) -> bytes:
    total = 0
    for byte in text.encode():
        total ^= byte
    return ("$%s*%02X\r\n" % (text, total)).encode()
