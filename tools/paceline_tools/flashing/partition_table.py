"""ESP-IDF's partition table, bit for bit (ESP-IDF Programming Guide, "Partition Tables"; gen_esp32part.py).

An entry has 32 bytes, little-endian: magic AA 50, type u8, subtype u8, offset u32, size u32, label of 16 bytes filled
up with zeros, flags u32. Behind the last entry stands EB EB, fourteen FF and the MD5 of all entries; FF fills the rest.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

OFFSET, SIZE, MOST_ENTRIES = 0x8000, 0xC00, 95
FIRST_OFFSET = 0x9000  # behind the table's own sector
SECTOR, APP_ALIGNMENT = 0x1000, 0x10000
APP, DATA = 0, 1
FACTORY, NVS, PHY, FAT = 0x00, 0x02, 0x01, 0x81
_ENTRY = struct.Struct("<2sBBII16sI")
_MAGIC, _MD5_MAGIC = b"\xaa\x50", b"\xeb\xeb" + b"\xff" * 14
_BLANK = b"\xff" * _ENTRY.size


class PartitionTableError(ValueError):
    """A table breaks the specification; the text says where."""


@dataclass(frozen=True)
class Partition:
    """One entry; offset and size in bytes."""

    label: str
    kind: int
    subtype: int
    offset: int
    size: int
    flags: int = 0

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.offset + self.size


def pack_table(partitions: Sequence[Partition], flash_bytes: int) -> bytes:
    """Return the SIZE bytes of a table; PartitionTableError when it breaks a rule or does not fit the flash."""
    check(partitions, flash_bytes)
    entries = b"".join(
        _ENTRY.pack(_MAGIC, each.kind, each.subtype, each.offset, each.size, each.label.encode(), each.flags)
        for each in partitions
    )
    return (entries + _MD5_MAGIC + hashlib.md5(entries, usedforsecurity=False).digest()).ljust(SIZE, b"\xff")


def parse_table(data: bytes) -> list[Partition]:
    """Return the entries of a table; PartitionTableError when it has another magic, MD5 or label."""
    found: list[Partition] = []
    for at in range(0, min(len(data), SIZE) - _ENTRY.size + 1, _ENTRY.size):
        raw = data[at : at + _ENTRY.size]
        if raw == _BLANK:
            return found
        if raw[:16] == _MD5_MAGIC:
            if raw[16:] != hashlib.md5(data[:at], usedforsecurity=False).digest():
                raise PartitionTableError("the table's MD5 does not fit its entries")
            return found
        magic, kind, subtype, offset, size, label, flags = _ENTRY.unpack(raw)
        if magic != _MAGIC:
            raise PartitionTableError(f"entry {at // _ENTRY.size} begins with {magic.hex()}, not aa50")
        try:
            name = label.rstrip(b"\0").decode("ascii")
        except UnicodeDecodeError as error:
            raise PartitionTableError(f"entry {at // _ENTRY.size} has no label") from error
        found.append(Partition(name, kind, subtype, offset, size, flags))
    raise PartitionTableError("the table has no end")


def check(partitions: Sequence[Partition], flash_bytes: int) -> None:
    """Raise PartitionTableError for the first rule that a table breaks."""
    if not 0 < len(partitions) <= MOST_ENTRIES:
        raise PartitionTableError(f"a table has 1 to {MOST_ENTRIES} entries, not {len(partitions)}")
    if len({each.label for each in partitions}) < len(partitions):
        raise PartitionTableError("two partitions have the same label")
    before = FIRST_OFFSET
    for each in partitions:
        alignment = APP_ALIGNMENT if each.kind == APP else SECTOR
        if not 0 < len(each.label.encode()) <= 16 or not each.label.isascii():
            raise PartitionTableError(f"label {each.label!r} does not fit 16 bytes of ASCII")
        if each.offset % alignment or each.size % SECTOR or each.size <= 0:
            raise PartitionTableError(f"{each.label} does not lie on {alignment:#x} or has no whole sectors")
        if each.offset < before:
            raise PartitionTableError(f"{each.label} at {each.offset:#x} lies upon what ends at {before:#x}")
        if each.end > flash_bytes:
            raise PartitionTableError(f"{each.label} ends at {each.end:#x}, behind the flash of {flash_bytes:#x} bytes")
        before = each.end
