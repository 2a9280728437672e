"""Check sums and keys: crc16, HMAC-SHA256 (RFC 2104), HKDF-SHA256 (RFC 5869), comparison in constant time.

Written on `hashlib.sha256` alone, because MicroPython has no hmac module and its sha256 objects cannot be copied.
"""

import binascii
import hashlib

_BLOCK = 64


def crc16(data: bytes | bytearray | memoryview) -> int:
    """Return the low half of the CRC-32 (ISO-HDLC, as in zlib) of the data."""
    return binascii.crc32(data) & 0xFFFF


class Mac:
    """HMAC-SHA256 under one key; the padded keys are kept, so that a message costs two hashes and no set-up."""

    def __init__(self, key: bytes) -> None:
        if len(key) > _BLOCK:
            key = hashlib.sha256(key).digest()
        padded = bytes(key) + bytes(_BLOCK - len(key))
        self._inner = bytes([byte ^ 0x36 for byte in padded])
        self._outer = bytes([byte ^ 0x5C for byte in padded])

    def digest(self, *parts: bytes | bytearray | memoryview) -> bytes:
        """Return the 32-byte code of the parts, taken as one message."""
        inner = self.begin()
        for part in parts:
            inner.update(part)
        return self.finish(inner)

    def begin(self):
        """Return a hash; update() it with the message piece by piece, then finish() gives the code."""
        return hashlib.sha256(self._inner)

    def finish(self, inner: "hashlib._Hash") -> bytes:
        """Return the 32-byte code of what went into a hash from begin()."""
        outer = hashlib.sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()


def hmac_sha256(key: bytes, *parts: bytes | bytearray | memoryview) -> bytes:
    """Return the 32-byte HMAC-SHA256 of the parts, taken as one message."""
    return Mac(key).digest(*parts)


def hkdf_sha256(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Return `length` bytes derived from the key (RFC 5869, extract then expand; an empty salt is 32 zeros)."""
    if length > 255 * 32:
        raise ValueError("HKDF-SHA256 gives at most 8160 bytes")
    expand = Mac(hmac_sha256(salt, key))
    block = output = b""
    counter = 1
    while len(output) < length:
        block = expand.digest(block, info, bytes([counter]))
        output += block
        counter += 1
    return output[:length]


def same_bytes(a: bytes | bytearray | memoryview, b: bytes | bytearray | memoryview) -> bool:
    """Compare in a time that depends on the lengths only, so that a refusal tells nothing about a guess."""
    if len(a) != len(b):
        return False
    difference = 0
    for i in range(len(a)):
        difference |= a[i] ^ b[i]
    return difference == 0
