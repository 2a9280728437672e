"""`bluetooth.UUID`: 16 or 128 bits, little endian inside as the stack has it."""

import struct


class UUID:
    """From an int (16 bits), a string (4 or 32 hex digits, dashes allowed) or bytes."""

    def __init__(self, value) -> None:
        if isinstance(value, int):
            self._bytes = struct.pack("<H", value)
        elif isinstance(value, str):
            digits = value.replace("-", "")
            if len(digits) not in (4, 32):
                raise ValueError("invalid UUID")
            self._bytes = bytes(int(digits[i : i + 2], 16) for i in range(len(digits) - 2, -1, -2))
        else:
            self._bytes = bytes(value)
            if len(self._bytes) not in (2, 4, 16):
                raise ValueError("invalid UUID")

    def hex(self) -> str:
        """Return the digits, most significant first."""
        return "".join("%02x" % byte for byte in reversed(self._bytes))

    def __iter__(self):  # bytes(uuid): a Python class has no buffer protocol here
        return iter(self._bytes)

    def __len__(self) -> int:
        return len(self._bytes)

    def __eq__(self, other) -> bool:
        return isinstance(other, UUID) and self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)

    def __repr__(self) -> str:
        return "UUID(0x%s)" % self.hex() if len(self._bytes) == 2 else "UUID('%s')" % self.hex()
