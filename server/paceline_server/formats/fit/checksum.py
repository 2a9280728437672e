"""The check sum of FIT files."""


def crc16(data: bytes) -> int:
    """Return the CRC-16 of FIT: polynomial 0x8005 reflected, start 0 (FIT protocol, "CRC")."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def _entry(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


_TABLE = [_entry(byte) for byte in range(256)]
