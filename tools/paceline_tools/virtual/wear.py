"""What a board's flash went through, read from the bench's notes beside the cells (board/silicon/nor.py)."""

import struct
from pathlib import Path

_HEAD = struct.Struct("<II")  # operations, violations; then one u32 of erases for each block


def erases_by_block(flash: Path) -> list[int]:
    """How often each block was erased in the device's life; empty before the first boot."""
    notes = flash.with_name(flash.name + ".wear")
    if not notes.exists():
        return []
    return [count for (count,) in struct.iter_unpack("<I", notes.read_bytes()[_HEAD.size :])]
