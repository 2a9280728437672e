"""The notices blob (blob kind 5): the newest few things that wearers are told (docs/WRIST.md, bit for bit).

check() is what a wearable asks before it takes a blob; notice_at() leads through one that passed.
"""

import struct

from .integrity import crc16

FORMAT_VERSION = 1
MOST_NOTICES = 8

HEAD = "version:B notices:B"
NOTICE = "number:I slot:B told_utc_s:I quiet_from_utc_s:I quiet_until_utc_s:I title:20s text:60s"

HEAD_SIZE = 2
NOTICE_FORMAT = "<IBIII20s60s"

_NOTICE_SIZE = 97
_SLOTS = 8


def notice_at(place: int) -> int:
    """Return the offset of the notice with this place in the blob, counted from 0."""
    return HEAD_SIZE + place * _NOTICE_SIZE


def check(data: bytes) -> str:
    """Return what is wrong with a whole blob, "" when nothing is."""
    if len(data) < HEAD_SIZE or data[0] != FORMAT_VERSION:
        return f"notices: not of format version {FORMAT_VERSION}"
    if data[1] > MOST_NOTICES or len(data) != notice_at(data[1]) + 2:
        return f"notices: {len(data)} bytes do not hold {data[1]} notices"
    if crc16(memoryview(data)[:-2]) != data[-2] | data[-1] << 8:
        return "notices: the check sum does not fit"
    before = (0, 0)
    for place in range(data[1]):
        number, slot, _, begin, end, title, text = struct.unpack_from(NOTICE_FORMAT, data, notice_at(place))
        if slot >= _SLOTS or not number or (slot, number) <= before:
            return f"notices: notice {place + 1}: slots and numbers do not rise"
        before = (slot, number)
        if begin > end:
            return f"notices: notice {place + 1}: the quiet hours end before they begin"
        if not (title[0] and _is_text(title) and _is_text(text)):
            return f"notices: notice {place + 1}: not of printable ASCII"
    return ""


def _is_text(field: bytes) -> bool:
    for code in field.rstrip(b"\0"):  # noqa: SIM110 (a generator would take from the heap)
        if not 32 <= code < 127:
            return False
    return True
