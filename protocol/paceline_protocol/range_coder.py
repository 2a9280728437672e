"""Adaptive binary range coder in numbers below 2^30: one decision is one call, the same call in both directions.

Every decision is seen by two models, whose chances are averaged. A model is one u16: bits 15–4 the chance of a 0 in
1/4096, bits 3–0 how settled it is (it adapts fast at first). The interval is [low, low + span), 2^20 ≤ span ≤ 2^28
between two decisions; whole bytes leave from bits 27–20 of `low`, and a carry is added to the bytes that have left.
After Martin, "Range encoding" (1979).
"""

from array import array

SPAN = 0x10000000
SPAN_LOW = 0x100000

# No model's chance comes nearer to 0 or 4096 than 31, so that a decision costs at most log2(4096/31) = 7.05 bits, and
# 0.006 more for the division of the span; in sixteenths of a bit.
WORST_DECISION = 113

# How far a model moves, as a shift, by how settled it is.
RATES = b"\x01\x02\x03\x03\x03\x04\x04\x04\x04\x04\x04\x04\x05\x05\x05\x05"
SETTLED = 15


def adapt(chances: "array[int]", index: int, bit: int) -> None:
    """Move one model towards the decision that came."""
    chance = chances[index]
    rate = RATES[chance & SETTLED]
    step = -(chance >> 4 >> rate) if bit else 4096 - (chance >> 4) >> rate
    moved = chance + (step << 4)
    chances[index] = moved if chance & SETTLED == SETTLED else moved + 1


class RangeEncoder:
    """Writes decisions into `buffer`; `end` is the number of bytes that have left."""

    def __init__(self, capacity: int) -> None:
        self.buffer = bytearray(capacity)
        self.restart()

    def restart(self) -> None:
        """Begin a new stretch of bytes."""
        self.end = 0
        self._low = 0
        self._span = SPAN

    def bit(self, chances: "array[int]", first: int, second: int, bit: int) -> int:
        """Write one decision (0 or 1) that these two models foretell, adapt them and return the decision."""
        zero = (self._span >> 12) * ((chances[first] >> 4) + (chances[second] >> 4) >> 1)
        if bit:
            self._low += zero
            self._span -= zero
        else:
            self._span = zero
        adapt(chances, first, bit)
        adapt(chances, second, bit)
        if self._span < SPAN_LOW:
            self._emit()
        return bit

    def raw(self, value: int, bits: int) -> int:
        """Write the low `bits` bits of `value`, 0 and 1 as likely, highest first, and return them."""
        while bits:
            bits -= 1
            self._span >>= 1
            if value >> bits & 1:
                self._low += self._span
            if self._span < SPAN_LOW:
                self._emit()
        return value

    def finish(self) -> int:
        """Write the fewest bytes that settle all decisions, zeros being understood behind them; return `end`."""
        free = 28
        while (self._low + (1 << free) - 1 >> free << free) >= self._low + self._span:
            free -= 8 if free > 4 else 4
        self._low = self._low + (1 << free) - 1 >> free << free
        self._span = 0
        while self._low:
            self._emit()
        while self.end and self.buffer[self.end - 1] == 0:
            self.end -= 1
        return self.end

    def _emit(self) -> None:
        if self._low >= SPAN:
            self._low -= SPAN
            carried = self.end - 1
            while self.buffer[carried] == 255:
                self.buffer[carried] = 0
                carried -= 1
            self.buffer[carried] += 1
        self.buffer[self.end] = self._low >> 20
        self.end += 1
        self._low = (self._low & 0xFFFFF) << 8
        self._span <<= 8


class RangeDecoder:
    """Finds the decisions that a RangeEncoder wrote from data[start] on; behind the data are zeros.

    `taken` is the offset behind the last byte asked for; it may lie behind the data.
    """

    def __init__(self, data: bytes, start: int = 0) -> None:
        self._data = data
        self.taken = start
        self._span = SPAN
        self._code = 0
        self._half = 0
        for _ in range(4):
            self._take()

    def bit(self, chances: "array[int]", first: int, second: int, bit: int) -> int:
        """Return the next decision, which these two models foretell, and adapt them; `bit` is not looked at."""
        zero = (self._span >> 12) * ((chances[first] >> 4) + (chances[second] >> 4) >> 1)
        if self._code < zero:
            bit = 0
            self._span = zero
        else:
            bit = 1
            self._code -= zero
            self._span -= zero
        adapt(chances, first, bit)
        adapt(chances, second, bit)
        if self._span < SPAN_LOW:
            self._span <<= 8
            self._take()
        return bit

    def raw(self, value: int, bits: int) -> int:
        """Return the next `bits` bits, 0 and 1 as likely; `value` is not looked at."""
        value = 0
        while bits:
            bits -= 1
            self._span >>= 1
            value <<= 1
            if self._code >= self._span:
                self._code -= self._span
                value |= 1
            if self._span < SPAN_LOW:
                self._span <<= 8
                self._take()
        return value

    def _take(self) -> None:
        # The encoder's bytes leave above bit 20, which is no multiple of 8: half a byte waits for the next one.
        byte = self._data[self.taken] if self.taken < len(self._data) else 0
        self.taken += 1
        self._code = self._code << 8 | self._half << 4 | byte >> 4
        self._half = byte & 15
