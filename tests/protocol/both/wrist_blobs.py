"""What the tests of all blobs for the wrist ask: changed bytes, damage, and what a refusal says."""

import struct

from paceline_protocol.integrity import crc16


def changed(blob: bytes, at: int, *values: int) -> bytes:
    """The blob with bytes changed at an offset, and a check sum that fits."""
    data = bytearray(blob)
    data[at : at + len(values)] = bytes(values)
    return bytes(data[:-2]) + struct.pack("<H", crc16(memoryview(data)[:-2]))


def damaged(blob: bytes) -> "list[bytes]":
    """The blob with any byte changed, cut anywhere, and with a byte more."""
    flipped = [blob[:at] + bytes((blob[at] ^ 4,)) + blob[at + 1 :] for at in range(len(blob))]
    return flipped + [blob[:length] for length in range(len(blob))] + [blob + b"\0"]


def says(wrong: str, *parts: str) -> None:
    """What is wrong has these parts, and is something."""
    assert wrong and all(part in wrong for part in parts), wrong
