"""A phone's local time with its zone becomes UTC; without a zone, or malformed, nothing."""

import struct

from wearable.calendar import DAY_S, days_since_2020
from wearable.link.current_time import utc_2020_of


def _time(*fields: int) -> bytes:
    return struct.pack("<HBBBBBBBB", *fields, 5, 0, 0)


def test_local_time_becomes_utc() -> None:
    noon = days_since_2020(2026, 3, 1) * DAY_S + 12 * 3600
    local = _time(2026, 3, 1, 12, 0, 0)
    for zone, offset_s in (
        (b"\x00\x00", 0),
        (b"\x04\x04", 7200),  # Vienna in summer
        (struct.pack("bB", -20, 4), -4 * 3600),  # New York in summer
        (struct.pack("bB", 23, 0), 20_700),  # Kathmandu
        (b"\x28\x02", 37_800),  # Lord Howe in summer: half an hour
    ):
        assert utc_2020_of(local, zone) == noon - offset_s
    assert utc_2020_of(struct.pack("<HBBBBBBBB", 2026, 3, 1, 12, 0, 0, 7, 128, 0), b"\x00\x00") == noon + 1
    assert utc_2020_of(_time(2028, 2, 29, 0, 0, 0), b"\x04\x00") == days_since_2020(2028, 2, 29) * DAY_S - 3600


def test_without_the_zone_it_is_no_time() -> None:
    local = _time(2026, 3, 1, 12, 0, 0)
    for zone in (
        b"",
        b"\x04",
        b"\x80\x00",
        b"\x04\xff",
        struct.pack("bB", 57, 0),
        struct.pack("bB", -49, 0),
        b"\x04\x03",
    ):
        assert utc_2020_of(local, zone) == 0, zone


def test_what_is_no_moment_is_refused() -> None:
    for fields in (
        (0, 0, 0, 0, 0, 0),
        (2026, 2, 29, 12, 0, 0),
        (2026, 13, 1, 12, 0, 0),
        (2026, 4, 31, 12, 0, 0),
        (2026, 4, 0, 12, 0, 0),
        (2026, 4, 1, 24, 0, 0),
        (2026, 4, 1, 12, 60, 0),
        (2026, 4, 1, 12, 0, 60),
        (1970, 1, 1, 0, 0, 0),
        (2100, 1, 1, 0, 0, 0),
    ):
        assert utc_2020_of(_time(*fields), b"\x00\x00") == 0, fields
    assert utc_2020_of(_time(2026, 3, 1, 12, 0, 0)[:8], b"\x00\x00") == 0
