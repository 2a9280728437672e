"""Sealed frames of the link (docs/PROTOCOL.md), encrypt-then-MAC under keys of one direction:

    counter u32 ‖ AES-128-CTR(message) ‖ HMAC-SHA256(counter ‖ ciphertext) cut to 8 bytes

The counter block is direction u8 ‖ 7 zero bytes ‖ counter u32 ‖ block index u32 big-endian.
"""

import struct

from .ctr import ctr_crypt
from .errors import LinkError
from .integrity import Mac, hkdf_sha256, same_bytes

KEY_INFO = b"paceline link 1"
FRAME_TAG_SIZE = 8
FRAME_OVERHEAD = 4 + FRAME_TAG_SIZE
LAST_COUNTER = 0xFFFFFFFF

TO_WEARABLE = 0
TO_GATEWAY = 1


class DirectionKeys:
    """The keys of one direction: 16-byte cipher key, 32-byte MAC key."""

    def __init__(self, direction: int, cipher_key: bytes, mac_key: bytes) -> None:
        self.direction = direction
        self.cipher_key = cipher_key
        self.mac_key = mac_key


def link_keys(device_key: bytes, gateway_nonce: bytes, device_nonce: bytes) -> "tuple[DirectionKeys, DirectionKeys]":
    """Return the keys of one connection: (gateway → wearable, wearable → gateway)."""
    keys = hkdf_sha256(device_key, gateway_nonce + device_nonce, KEY_INFO, 96)
    return DirectionKeys(TO_WEARABLE, keys[:16], keys[16:48]), DirectionKeys(TO_GATEWAY, keys[48:64], keys[64:])


class SecureChannel:
    """One connection's frames in both directions.

    `aes_ecb(key)` returns a callable that encrypts whole 16-byte blocks; each interpreter has its own.
    """

    def __init__(self, send_keys: DirectionKeys, receive_keys: DirectionKeys, aes_ecb: "object") -> None:
        self._send_ecb = aes_ecb(send_keys.cipher_key)  # type: ignore[operator]
        self._send_mac = Mac(send_keys.mac_key)
        self._send_direction = send_keys.direction
        self._receive_ecb = aes_ecb(receive_keys.cipher_key)  # type: ignore[operator]
        self._receive_mac = Mac(receive_keys.mac_key)
        self._receive_direction = receive_keys.direction
        self.sent = 0  # counter of the next frame to send
        self.received = -1  # counter of the newest frame opened

    def seal(self, message: bytes) -> bytes:
        """Return the frame of a message; LinkError("exhausted") when the connection has used its counters."""
        if self.sent > LAST_COUNTER:
            raise LinkError("exhausted", LAST_COUNTER, "connect anew for new keys")
        counter = struct.pack("<I", self.sent)
        sealed = counter + ctr_crypt(self._send_ecb, _prefix(self._send_direction, counter), 0, message)
        self.sent += 1
        return sealed + self._send_mac.digest(sealed)[:FRAME_TAG_SIZE]

    def open(self, frame: bytes | bytearray | memoryview) -> bytes:
        """Return the message of a frame.

        Raises LinkError "short", "forged" (the tag does not fit: damage, another key or a stranger) or "replayed" (the
        counter is not above the last one); the channel is then as before and opens the next good frame.
        """
        if len(frame) <= FRAME_OVERHEAD:
            raise LinkError("short", len(frame), f"a frame has more than {FRAME_OVERHEAD} bytes")
        frame = bytes(frame)
        sealed = frame[:-FRAME_TAG_SIZE]
        counter = struct.unpack_from("<I", frame)[0]
        if not same_bytes(self._receive_mac.digest(sealed)[:FRAME_TAG_SIZE], frame[-FRAME_TAG_SIZE:]):
            raise LinkError("forged", counter, "the frame's tag does not fit")
        if counter <= self.received:
            raise LinkError("replayed", counter, f"frame {self.received} was already opened")
        self.received = counter
        return ctr_crypt(self._receive_ecb, _prefix(self._receive_direction, frame[:4]), 0, sealed[4:])


def _prefix(direction: int, counter: bytes) -> bytes:
    return bytes((direction, 0, 0, 0, 0, 0, 0, 0)) + counter
