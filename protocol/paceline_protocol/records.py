"""Records of a journal page: kind u8, length u8, payload, crc16 over the three (docs/JOURNAL.md).

RECORDS is the one table: it drives pack_fields and parse_fields, and docs/JOURNAL.md is tested against it.
"""

from . import code_tables
from .errors import JournalError
from .integrity import crc16
from .layout import Fields, Layouts
from .page import HEADER_SIZE, PAGE_SIZE

BOOT = 1
CLOCK = 2
SESSION_START = 3
SAMPLES = 4
LAP = 5
PAUSE = 6
RESUME = 7
SESSION_END = 8
BATTERY = 9
DAY = 10
ALERT = 11
CRASH = 12
SEAL = 13
LENGTH = 14
SET = 15
RR = 16
PPG = 17
ENVIRONMENT = 18
DISMISSED = 19

SPORTS = code_tables.SPORTS  # SESSION_START.sport is an index of it
CONTINUED = 1  # bit of SESSION_START.flags

RECORD_OVERHEAD = 4
MAX_PAYLOAD = 255
ERASED = 0xFF

# SAMPLES is missing here: its payload is the sample codec's.
RECORDS = Layouts(
    {
        BOOT: "BOOT boot_count:H cause:B version:3s",
        CLOCK: "CLOCK t_s:I utc_s:I source:B",
        SESSION_START: "SESSION_START t_s:I utc_s:I session:H sport:B user:B flags:B",
        LAP: "LAP t_s:I lap:H trigger:B",
        PAUSE: "PAUSE t_s:I reason:B",
        RESUME: "RESUME t_s:I reason:B",
        SESSION_END: (
            "SESSION_END t_s:I session:H samples:I elapsed_s:I moving_s:I distance_m:I "
            "ascent_m:H heart_rate_avg_bpm:B heart_rate_max_bpm:B kilocalories:H"
        ),
        BATTERY: "BATTERY t_s:I millivolt:H percent:B",
        DAY: (
            "DAY t_s:I utc_s:I steps:I kilocalories:H resting_heart_rate_bpm:B user:B "
            "minutes:H active_minutes:H worn_minutes:H"
        ),
        ALERT: "ALERT t_s:I code:B value:H",
        CRASH: "CRASH t_s:I text:text",
        SEAL: "SEAL tag:16s",
        LENGTH: "LENGTH t_s:I length:H duration_ds:H strokes:B pool_cm:H",
        SET: "SET t_s:I set:H repetitions:H duration_s:H rest_s:H",
        RR: "RR t_s:I intervals:bytes",
        PPG: "PPG t_s:I rate_hz:B counts:bytes",
        ENVIRONMENT: "ENVIRONMENT t_s:I pressure_pa:I temperature_dk:H",
        DISMISSED: "DISMISSED t_s:I number:I user:B",
    }
)


def pack_fields(kind: int, *fields: object) -> bytes:
    """Return the payload of a record of this kind; fields come in the table's order.

    ValueError names a field that does not fit. A crash text is cut to what a record holds.
    """
    payload = RECORDS[kind].pack(fields)
    if len(payload) > MAX_PAYLOAD:
        payload = _cut_text(payload)
    return payload


def parse_fields(kind: int, payload: bytes | bytearray | memoryview) -> "Fields | None":
    """Return the fields of a payload, or None for a kind without fields (SAMPLES, or one of a later version).

    Raises JournalError("payload", kind) when the payload does not hold them.
    """
    layout = RECORDS.get(kind)
    if layout is None:
        return None
    try:
        return layout.parse(payload)
    except ValueError as error:
        raise JournalError("payload", kind, str(error))  # noqa: B904 (MicroPython keeps no cause)


def pack_record(buffer: bytearray, offset: int, kind: int, payload: bytes | bytearray | memoryview) -> int:
    """Write a record at the offset, return the offset behind it; JournalError("room", offset) when it does not fit."""
    length = len(payload)
    if length > MAX_PAYLOAD or offset + RECORD_OVERHEAD + length > len(buffer):
        raise JournalError("room", offset, f"no room for a record of {length} bytes")
    buffer[offset + 2 : offset + 2 + length] = payload
    return close_record(buffer, offset, kind, length)


def close_record(buffer: bytearray, offset: int, kind: int, length: int) -> int:
    """Frame the `length` payload bytes that already lie at offset + 2, and return the offset behind the record."""
    end = offset + 2 + length
    if length > MAX_PAYLOAD or end + 2 > len(buffer):
        raise JournalError("room", offset, f"no room for a record of {length} bytes")
    buffer[offset] = kind
    buffer[offset + 1] = length
    check = crc16(memoryview(buffer)[offset:end])
    buffer[end] = check & 0xFF
    buffer[end + 1] = check >> 8
    return end + 2


def record_at(page: bytes | bytearray | memoryview, offset: int, end: int = PAGE_SIZE) -> int:
    """Return the offset behind the record at `offset`, 0 where it is damaged or not all there, −1 at the erased end."""
    if offset + RECORD_OVERHEAD > end or (page[offset] == ERASED and page[offset + 1] == ERASED):
        return -1
    behind = offset + RECORD_OVERHEAD + page[offset + 1]
    if page[offset] == ERASED or behind > end:
        return 0
    check = crc16(memoryview(page)[offset : behind - 2])
    if page[behind - 2] != check & 0xFF or page[behind - 1] != check >> 8:
        return 0
    return behind


def iter_records(page: bytes | bytearray | memoryview, start: int = HEADER_SIZE, end: int = PAGE_SIZE):
    """Yield (offset, kind, payload memoryview) of the records in page[start:end], up to the first damaged one."""
    end = min(end, len(page))
    view = memoryview(page)
    while True:
        behind = record_at(page, start, end)
        if behind <= 0:
            return
        yield start, page[start], view[start + 2 : behind - 2]
        start = behind


def records_end(page: bytes | bytearray | memoryview, start: int = HEADER_SIZE) -> "tuple[int, bool]":
    """Return (offset behind the last good record, clean); clean means that the rest of the page is erased."""
    end = start
    behind = record_at(page, end, len(page))
    while behind > 0:
        end = behind
        behind = record_at(page, end, len(page))
    return end, is_erased(page, end)


def is_erased(page: bytes | bytearray | memoryview, start: int = 0) -> bool:
    """Tell whether every byte from `start` on is 0xFF."""
    view = memoryview(page)
    while start < len(page):
        piece = view[start : start + len(_BLANK)]
        if piece != _BLANK[: len(piece)]:
            return False
        start += len(piece)
    return True


_BLANK = b"\xff" * 64


def _cut_text(payload: bytes) -> bytes:
    # Cut in front of a character: UTF-8 continuation bytes are 10xxxxxx.
    end = MAX_PAYLOAD
    while payload[end] & 0xC0 == 0x80:
        end -= 1
    return payload[:end]
