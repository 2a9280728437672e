"""Images as a chip would take them: boot loader, table and application of any chip, with check sum and hash."""

import hashlib
import struct


def image(segments: list[bytes], chip: int = 9, hashed: bool = True) -> bytes:
    """One image of the ESP-IDF format (App Image Format)."""
    data = struct.pack("<BBBBI", 0xE9, len(segments), 2, 0x3F, 0x40380000)
    data += bytes(4) + struct.pack("<HBHH4xB", chip, 0, 0, 0, hashed)
    checksum = 0xEF
    for number, segment in enumerate(segments):
        data += struct.pack("<II", 0x3C000020 + number * 0x10000, len(segment)) + segment
        for byte in segment:
            checksum ^= byte
    data += bytes(15 - len(data) % 16) + bytes([checksum])
    return data + (hashlib.sha256(data).digest() if hashed else b"")


def description(project: bytes = b"micropython", version: bytes = b"v1.29.0") -> bytes:
    """The first bytes of an application, which say what it is."""
    return struct.pack("<II8s32s32s", 0xABCD5432, 0, b"", version, project).ljust(256, b"\0")


def micropython_file(chip: int = 9, size: int = 3000, project: bytes = b"micropython", hashed: bool = True) -> bytes:
    """A file as MicroPython is given out for the chip: boot loader at 0, application at 0x10000."""
    loader = image([b"boot" * 50], chip, hashed)
    application = image([description(project) + bytes(range(256)) * (size // 256), b"code" * 10], chip, hashed)
    return loader.ljust(0x10000, b"\xff") + application
