"""AES in counter mode (NIST SP 800-38A 6.5), built from ECB, which is what MicroPython's cryptolib has."""

import struct


def ctr_crypt(ecb: "object", prefix: bytes, index: int, data: bytes) -> bytes:
    """Encrypt or decrypt the data: XOR with ECB(prefix ‖ index), ECB(prefix ‖ index + 1) …, index as u32 big-endian.

    `ecb` is a callable from whole 16-byte blocks to their encryption; it is called once.
    """
    length = len(data)
    count = (length + 15) // 16
    blocks = bytearray(16 * count)
    offset = 0
    while offset < len(blocks):
        blocks[offset : offset + 12] = prefix
        struct.pack_into(">I", blocks, offset + 12, index)
        index = (index + 1) & 0xFFFFFFFF
        offset += 16
    stream = ecb(bytes(blocks))  # type: ignore[operator]
    # One XOR of two long integers is far faster than a loop over bytes.
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(memoryview(stream)[:length], "big")
    return mixed.to_bytes(length, "big")
