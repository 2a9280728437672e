"""Assistance data for the receiver: a blob of UBX-MGA frames (u-blox AssistNow) as a gateway PUTs it.

The first frame is UBX-MGA-INI-TIME_UTC with the moment the data was made. It is not sent as it is, that moment being
past: the wearable's own time goes in its place. The others are sent as long as they are fresh, by kind. A blob that
holds anything but MGA frames of the kinds known here is refused as a whole.
"""

import struct

from .. import calendar
from ..drivers.ubx import pack_frame

KIND = 3  # of the blob, see PROTOCOL.md

_MGA = 0x13
_INI = 0x40
_ANO = 0x20
_SYSTEMS = (0x00, 0x02, 0x03, 0x05, 0x06)  # GPS, Galileo, BeiDou, QZSS, GLONASS
_INI_TIME_UTC = 0x10
_INI_PLACES = (0x00, 0x01)  # X Y Z; latitude, longitude, height
_EPHEMERIS = 0x01  # the type of the systems' messages, the first byte of a payload
_TIME_LENGTH = 24
_ANO_LENGTH = 76
_LONGEST = 200

_HOUR_S = 3600
_EPHEMERIS_S = 4 * _HOUR_S
_PLACE_S = 24 * _HOUR_S
_ALMANAC_S = 14 * calendar.DAY_S
_AHEAD_S = 600  # the maker's clock may be ahead of ours
_TIME_ACCURACY_S = 10


def check(file) -> str:
    """Return what is wrong with a blob that is open at its first byte, "" when nothing is."""
    at = 0
    while True:
        frame = next_frame(file)
        if frame is None:
            return "no frames" if at == 0 else ""
        if not frame:
            return f"no UBX-MGA frame at byte {at}"
        if (at == 0) != (frame[3] == _INI and frame[6] == _INI_TIME_UTC):
            return "the time of making is told first and once"
        at += len(frame)


def next_frame(file) -> "bytes | None":
    """Return the next frame, None at the end, b"" when what comes is no MGA frame of a known kind."""
    head = file.read(6)
    if not head:
        return None
    if len(head) < 6 or head[:3] != b"\xb5\x62\x13" or not _known(head[3]):
        return b""
    length = head[4] | head[5] << 8
    if not 4 <= length <= _LONGEST:
        return b""
    payload = file.read(length)
    tail = file.read(2)
    frame = pack_frame(_MGA, head[3], payload)
    if len(payload) < length or frame[-2:] != tail or not _fits(head[3], payload):
        return b""
    return frame


def time_2020_s(frame: bytes) -> int:
    """Return the time in a frame of MGA-INI-TIME_UTC."""
    year, month, day, hour, minute, second = struct.unpack_from("<HBBBBB", frame, 10)
    days = calendar.days_since_2020(year, month, day)
    return days * calendar.DAY_S + (hour * 60 + minute) * 60 + second


def time_frame(first: bytes, now_2020_s: int) -> bytes:
    """Return the first frame of a blob with our time in it, good to ten seconds."""
    days, second = divmod(now_2020_s, calendar.DAY_S)
    year, month, day = calendar.date_of(days)
    payload = bytearray(first[6:-2])
    clock = (second // 3600, second // 60 % 60, second % 60)
    struct.pack_into("<HBBBBBBIHHI", payload, 4, year, month, day, *clock, 0, 0, _TIME_ACCURACY_S, 0, 0)
    return pack_frame(_MGA, _INI, bytes(payload))


def fresh(frame: bytes, made_2020_s: int, now_2020_s: int) -> bool:
    """Whether a frame behind the first is still of use."""
    age_s = now_2020_s - made_2020_s
    if age_s < -_AHEAD_S:
        return False
    kind, sort = frame[3], frame[6]
    if kind == _ANO:  # orbits of one day, of which a blob has several
        return calendar.days_since_2020(2000 + frame[10], frame[11], frame[12]) == now_2020_s // calendar.DAY_S
    if kind == _INI:
        return sort in _INI_PLACES and age_s <= _PLACE_S
    return age_s <= (_EPHEMERIS_S if sort == _EPHEMERIS else _ALMANAC_S)


def _known(kind: int) -> bool:
    return kind in _SYSTEMS or kind in (_INI, _ANO)


def _fits(kind: int, payload: bytes) -> bool:
    if kind == _ANO:
        return len(payload) == _ANO_LENGTH and 1 <= payload[5] <= 12
    if kind == _INI and payload[0] == _INI_TIME_UTC:
        return len(payload) == _TIME_LENGTH and 1 <= payload[6] <= 12
    return True
