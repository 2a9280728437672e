"""A journal page and its header (docs/JOURNAL.md).

0   magic "PJ"          2   4   epoch u32           12  previous_end u16     30  crc16 over bytes 0–29
2   format version u8   3   8   page number u32     14  previous_tag, 16 bytes
                        └ reserved u8, 0
"""

import struct

from .errors import JournalError
from .integrity import crc16, hkdf_sha256, hmac_sha256

PAGE_SIZE = 4096
HEADER_SIZE = 32
FORMAT_VERSION = 1
TAG_SIZE = 16
MAGIC = b"PJ"
KEY_INFO = b"paceline journal 1"
NO_TAG = bytes(TAG_SIZE)

HEADER_FORMAT = "<2sBBIIH16s"
_CRC_OFFSET = HEADER_SIZE - 2


class PageHeader:
    """The fields of a page header."""

    def __init__(self, epoch: int, number: int, previous_end: int, previous_tag: bytes) -> None:
        self.epoch = epoch
        self.number = number
        self.previous_end = previous_end
        self.previous_tag = previous_tag


def journal_key(device_key: bytes) -> bytes:
    """Return the 32-byte key under which the device's pages are sealed."""
    return hkdf_sha256(device_key, b"", KEY_INFO, 32)


def pack_header(buffer: bytearray, epoch: int, number: int, previous_end: int, previous_tag: bytes) -> None:
    """Write the header into the buffer's first 32 bytes; the first page of an epoch has previous_end 0 and NO_TAG."""
    if len(previous_tag) != TAG_SIZE:
        raise ValueError(f"a tag has {TAG_SIZE} bytes, not {len(previous_tag)}")
    struct.pack_into(HEADER_FORMAT, buffer, 0, MAGIC, FORMAT_VERSION, 0, epoch, number, previous_end, previous_tag)
    struct.pack_into("<H", buffer, _CRC_OFFSET, crc16(memoryview(buffer)[:_CRC_OFFSET]))


def parse_header(page: bytes | bytearray | memoryview) -> PageHeader:
    """Return the header of a page (at least its first 32 bytes).

    Raises JournalError: "short", "blank" (all erased), "magic", "header" (check sum), "version"; magic, version and
    check sum keep their places in every version, so that damage is not taken for a new version.
    """
    if len(page) < HEADER_SIZE:
        raise JournalError("short", len(page), f"a page header has {HEADER_SIZE} bytes")
    head = bytes(memoryview(page)[:HEADER_SIZE])
    if head == b"\xff" * HEADER_SIZE:
        raise JournalError("blank", 0, "the page is erased")
    magic, version, _, epoch, number, previous_end, previous_tag = struct.unpack_from(HEADER_FORMAT, head)
    if magic != MAGIC:
        raise JournalError("magic", 0, "this is no journal page")
    if struct.unpack_from("<H", head, _CRC_OFFSET)[0] != crc16(head[:_CRC_OFFSET]):
        raise JournalError("header", 0, "the header's check sum does not fit")
    if version != FORMAT_VERSION:
        raise JournalError("version", 2, f"format version {version} is not known, {FORMAT_VERSION} is")
    if previous_end > PAGE_SIZE:
        raise JournalError("header", 12, f"previous_end {previous_end} lies behind the page")
    return PageHeader(epoch, number, previous_end, previous_tag)


def page_tag(key: bytes, page: bytes | bytearray | memoryview, end: int) -> bytes:
    """Return the 16-byte tag over page[0:end]: a whole page's (in the next header) or its head's (in a SEAL record)."""
    return hmac_sha256(key, memoryview(page)[:end])[:TAG_SIZE]
