"""Adaptive binary range coder in numbers below 2^29: one decision is one call, the same call in both directions.

A probability is one u16: bits 15–4 the chance of a 0 in 1/4096, bits 3–0 how far the model has settled (it adapts
fast first, then slower). The interval is `low`, `span`: 2^20 < span ≤ 2^28, and whole bytes leave from bits 27–20 of `low`.
After Martin, "Range encoding" (1979), with the carry done in the finished bytes.
"""

SPAN = 0x10000000
SPAN_LOW = 0x100000
# A decision never costs more: its chance stays at 31/4096 or above, less what the division of the span loses.
WORST_DECISION_BITS_X16 = 114

_RATE = b"\x01\x02\x03\x03\x03\x04\x04\x04\x04\x04\x04\x04\x05\x05\x05\x05"


class RangeEncoder:
    """Writes decisions into `buffer`; `end` is the number of whole bytes that have left."""

    def __init__(self, capacity: int) -> None:
        self.buffer = bytearray(capacity)
        self.restart()

    def restart(self) -> None:
        """Begin a new stretch of bytes."""
        self.end = 0
        self.low = 0
        self.span = SPAN

    def bit(self, chances: "array", index: int, bit: int) -> int:
        """Write one decision under the model at `index`, adapt the model and return the decision."""
        chance = chances[index]
        settled = chance & 15
        rate = _RATE[settled]
        zero = (self.span >> 12) * (chance >> 4)
        if bit:
            self.low += zero
            self.span -= zero
            chance -= (chance >> 4 >> rate) << 4
        else:
            self.span = zero
            chance += (4096 - (chance >> 4) >> rate) << 4
        chances[index] = chance if settled == 15 else chance + 1
        if self.span < SPAN_LOW:
            self._emit()
        return bit

    def raw(self, value: int, bits: int) -> int:
        """Write the low `bits` bits of `value`, each as likely 0 as 1, and return them."""
        while bits:
            bits -= 1
            self.span >>= 1
            if value >> bits & 1:
                self.low += self.span
            if self.span < SPAN_LOW:
                self._emit()
        return value

    def finish(self) -> int:
        """Write the fewest bytes that settle all decisions (zeros follow the last byte); return `end`."""
        kept = 28
        while (self.low + (1 << kept) - 1) >> kept << kept >= self.low + self.span:
            kept -= 8 if kept > 4 else 4
        self.low = (self.low + (1 << kept) - 1) >> kept << kept
        self.span = 0
        while self.low:
            self._emit()
        while self.end and self.buffer[self.end - 1] == 0:
            self.end -= 1
        return self.end

    def _emit(self) -> None:
        if self.low >= SPAN:
            self.low -= SPAN
            carry = self.end - 1
            while self.buffer[carry] == 255:
                self.buffer[carry] = 0
                carry -= 1
            self.buffer[carry] += 1
        self.buffer[self.end] = self.low >> 20
        self.end += 1
        self.low = (self.low & 0xFFFFF) << 8
        self.span <<= 8


class RangeDecoder:
    """Reads the decisions that a RangeEncoder wrote; bytes after the last are zeros; `taken` counts the bytes asked for."""

    def __init__(self, data: bytes, start: int = 0) -> None:
        self._data = data
        self.taken = start
        self.span = SPAN
        self._code = 0
        self._half = 0
        for _ in range(4):
            self._take()

    def bit(self, chances: "array", index: int, bit: int) -> int:
        """Read one decision under the model at `index`, adapt the model and return the decision; `bit` is ignored."""
        chance = chances[index]
        settled = chance & 15
        rate = _RATE[settled]
        zero = (self.span >> 12) * (chance >> 4)
        if self._code >= zero:
            bit = 1
            self._code -= zero
            self.span -= zero
            chance -= (chance >> 4 >> rate) << 4
        else:
            bit = 0
            self.span = zero
            chance += (4096 - (chance >> 4) >> rate) << 4
        chances[index] = chance if settled == 15 else chance + 1
        if self.span < SPAN_LOW:
            self.span <<= 8
            self._take()
        return bit

    def raw(self, value: int, bits: int) -> int:
        """Read `bits` bits, each as likely 0 as 1; `value` is ignored."""
        value = 0
        while bits:
            bits -= 1
            self.span >>= 1
            value <<= 1
            if self._code >= self.span:
                self._code -= self.span
                value |= 1
            if self.span < SPAN_LOW:
                self.span <<= 8
                self._take()
        return value

    def _take(self) -> None:
        # Bytes leave the encoder from bit 20, which is no multiple of 8: half a byte waits for the next.
        byte = self._data[self.taken] if self.taken < len(self._data) else 0
        self.taken += 1
        self._code = (self._code << 8) | (self._half << 4) | (byte >> 4)
        self._half = byte & 15
