"""A MicroPython image for the ESP32-S3, taken apart and checked before anything is written.

Such a file is what lies on flash from address 0 on: boot loader, partition table at 0x8000, application at 0x10000.
Format of boot loader and application: ESP-IDF Programming Guide, "App Image Format".
"""

import hashlib
import struct
from dataclasses import dataclass

from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.layout import APP_OFFSET, partition
from paceline_tools.flashing.partition_table import OFFSET as TABLE_OFFSET

CHIP_ID, CHIP_NAMES = 9, {0: "ESP32", 2: "ESP32-S2", 5: "ESP32-C3", 9: "ESP32-S3", 12: "ESP32-C2", 13: "ESP32-C6"}
_HEADER, _SEGMENT = 24, 8
_MAGIC, _DESCRIPTION_MAGIC = 0xE9, 0xABCD5432
_MOST_SEGMENTS = 16
_CHECKSUM_SEED = 0xEF
_THEN = "download the .bin (not .uf2 or .elf) for the ESP32-S3 again, and give that"


@dataclass(frozen=True)
class ChipImage:
    """The two parts that are written; the partition table between them is ours."""

    bootloader: bytes
    application: bytes
    version: str


def read_image(data: bytes, sha256: str | None = None) -> ChipImage:
    """Take an image apart; FlashingError when it is another file, damaged, for another chip, or too large."""
    digest = hashlib.sha256(data).hexdigest()
    if sha256 is not None and digest != sha256.strip().lower():
        raise FlashingError(f"the MicroPython image has the SHA-256 {digest}, not the one given", _THEN)
    if len(data) <= APP_OFFSET:
        raise FlashingError(f"the MicroPython image has only {len(data)} bytes", _THEN)
    bootloader = _image(data[:TABLE_OFFSET], "boot loader")
    application = _image(data[APP_OFFSET:], "application")
    room = partition("factory").size
    if len(application) > room:
        raise FlashingError(
            f"MicroPython takes {len(application)} bytes, its partition has {room}",
            "take a build without further modules, or give it more room in flashing/layout.py",
        )
    return ChipImage(bootloader, application, _version(application))


def _image(data: bytes, what: str) -> bytes:
    """Return the image at the beginning of the data without what lies behind it, check sum and hash verified."""
    if len(data) < _HEADER or data[0] != _MAGIC or not 0 < data[1] <= _MOST_SEGMENTS:
        raise FlashingError(f"the file has no {what} for an ESP32-S3 where it should be", _THEN)
    chip = struct.unpack_from("<H", data, 12)[0]
    if chip != CHIP_ID:
        raise FlashingError(f"the {what} is for {CHIP_NAMES.get(chip, f'chip {chip}')}, not for ESP32-S3", _THEN)
    at, checksum = _HEADER, _CHECKSUM_SEED
    for _ in range(data[1]):
        if at + _SEGMENT > len(data):
            raise FlashingError(f"the {what} is cut", _THEN)
        length = struct.unpack_from("<I", data, at + 4)[0]
        for byte in data[at + _SEGMENT : at + _SEGMENT + length]:
            checksum ^= byte
        at += _SEGMENT + length
    end = at + 16 - at % 16
    if end > len(data) or data[end - 1] != checksum:
        raise FlashingError(f"the {what} is cut or damaged: its check sum does not fit", _THEN)
    if data[23] == 1:
        if data[end : end + 32] != hashlib.sha256(data[:end]).digest():
            raise FlashingError(f"the {what} is damaged: its SHA-256 does not fit", _THEN)
        end += 32
    return data[:end]


def _version(application: bytes) -> str:
    at = _HEADER + _SEGMENT
    if struct.unpack_from("<I", application, at)[0] != _DESCRIPTION_MAGIC:
        raise FlashingError("the application does not describe itself", _THEN)
    version, project = (application[at + start : at + start + 32].split(b"\0")[0] for start in (16, 48))
    if project != b"micropython":
        raise FlashingError(f"the application is {project.decode('ascii', 'replace')!r}, not MicroPython", _THEN)
    return version.decode("ascii", "replace")
