"""The calendar in small integers.

Unix seconds of our days need 31 bits and a sign, which MicroPython keeps as big integers on the heap. So the hot paths
count seconds since 2020-01-01 UTC ("2020 seconds", small until 2054); only records and messages carry Unix seconds.
"""

UNIX_2020_S = 1_577_836_800
DAY_S = 86_400

_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def days_since_2020(year: int, month: int, day: int) -> int:
    """Return the days from 2020-01-01 to the date; the year may be 2001 to 2099, where every fourth is a leap year."""
    years = year - 2020
    leap_days = (years + 3) // 4
    if month > 2 and years % 4 == 0:
        leap_days += 1
    return years * 365 + leap_days + _DAYS_BEFORE_MONTH[(month - 1) % 12] + day - 1


def date_of(days: int) -> "tuple[int, int, int]":
    """Return (year, month, day) of a day counted from 2020-01-01."""
    year = 2020 + days * 4 // 1461
    while days_since_2020(year + 1, 1, 1) <= days:
        year += 1
    while days_since_2020(year, 1, 1) > days:
        year -= 1
    month = 12
    while days_since_2020(year, month, 1) > days:
        month -= 1
    return year, month, days - days_since_2020(year, month, 1) + 1
