"""Numbers in the fields of an NMEA sentence, as integers within 31 bits; nothing is allocated."""

BAD = -(1 << 29)  # an empty field, or none of the kind

_ZERO = 48
_NINE = 57
_POINT = 46
_MINUS = 45
_NORTH_EAST = (78, 69)
_SOUTH_WEST = (83, 87)
_ROOM = 100_000_000  # a tenth of what still fits, with a digit more, into 31 bits


def decimal(line, start: int, end: int, places: int) -> int:
    """Return the decimal number in line[start:end] times 10^places, rounded half away from zero, or BAD."""
    negative = start < end and line[start] == _MINUS
    if negative:
        start += 1
    value = 0
    digits = 0
    behind = -1  # digits behind the point, -1 before it
    while start < end:
        byte = line[start]
        start += 1
        if byte == _POINT and behind < 0:
            behind = 0
        elif not _ZERO <= byte <= _NINE:
            return BAD
        elif behind < places:
            if value > _ROOM:
                return BAD
            value = value * 10 + byte - _ZERO
            digits += 1
            if behind >= 0:
                behind += 1
        elif behind == places:
            value += byte >= _ZERO + 5
            behind += 1  # what follows is below the rounding
    if not digits:
        return BAD
    behind = max(behind, 0)
    while behind < places:
        if value > _ROOM:
            return BAD
        value *= 10
        behind += 1
    return -value if negative else value


def angle(line, start: int, end: int, hemisphere: int, most_degrees: int) -> int:
    """Return [d]ddmm.mmmm in line[start:end] as 1e-6 degrees, rounded as NAV-PVT's, or BAD.

    `hemisphere` is the letter behind it; south and west are negative.
    """
    point = start
    while point < end and line[point] != _POINT:
        point += 1
    if point - start < 3 or line[start] == _MINUS:
        return BAD
    degrees = decimal(line, start, point - 2, 0)
    minutes = decimal(line, point - 2, end, 7)
    if not 0 <= degrees <= most_degrees or not 0 <= minutes < 600_000_000 or (degrees == most_degrees and minutes):
        return BAD
    if hemisphere in _NORTH_EAST:
        return degrees * 1_000_000 + (minutes + 300) // 600
    if hemisphere in _SOUTH_WEST:
        return (300 - minutes) // 600 - degrees * 1_000_000
    return BAD


def second_of_day(line, start: int, end: int) -> int:
    """Return hhmmss[.ss] in line[start:end] in hundredths of a second, or BAD."""
    if end - start < 6 or line[start] == _MINUS or (end > start + 6 and line[start + 6] != _POINT):
        return BAD
    clock = decimal(line, start, start + 6, 0)
    hundredths = decimal(line, start + 6, end, 2) if end > start + 7 else 0
    hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
    if clock < 0 or not 0 <= hundredths <= 100 or hour > 23 or minute > 59 or second > 60:
        return BAD
    return ((hour * 60 + minute) * 60 + second) * 100 + hundredths
