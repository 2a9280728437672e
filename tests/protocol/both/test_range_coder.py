"""The range coder alone: any decisions come back, with any models, in about as many bytes as they are worth."""

from array import array

from paceline_protocol.range_coder import RATES, SETTLED, SPAN, WORST_DECISION, RangeDecoder, RangeEncoder, adapt
from protocol.both.sample_walks import Dice

HALF = 0x8001


def _models() -> "array[int]":
    return array("H", [HALF] * 4)


def _written(decisions: "list[int]") -> bytes:
    encoder = RangeEncoder(len(decisions) + 8)
    chances = _models()
    for number, decision in enumerate(decisions):
        encoder.bit(chances, number & 1, 2 | number & 1, decision)
    return bytes(encoder.buffer[: encoder.finish()])


def _found(data: bytes, count: int) -> "list[int]":
    decoder = RangeDecoder(data)
    chances = _models()
    found = [decoder.bit(chances, number & 1, 2 | number & 1, 0) for number in range(count)]
    assert decoder.taken >= len(data)
    return found


def test_any_decisions_come_back():
    dice = Dice(7)
    for length in range(120):
        for ones_in in (2, 3, 40):
            decisions = [1 if dice.below(ones_in) == 0 else 0 for _ in range(length)]
            assert _found(_written(decisions), length) == decisions


def test_long_runs_come_back_carries_through_bytes_of_255_among_them():
    # About one decision in forty carries, and one carry in 256 meets a byte of 255: some fifteen here.
    dice = Dice(99)
    for _ in range(40):
        decisions = [dice.below(2) for _ in range(3000)]
        assert _found(_written(decisions), 3000) == decisions


def test_raw_bits_come_back_at_their_own_size():
    encoder = RangeEncoder(64)
    values = [0, 1, (1 << 29) - 1, 0x155, 1 << 28]
    for value in values:
        encoder.raw(value, 29)
    data = bytes(encoder.buffer[: encoder.finish()])
    assert len(data) <= (29 * len(values) + 15) // 8
    decoder = RangeDecoder(data)
    assert [decoder.raw(0, 29) for _ in values] == values


def test_what_was_always_the_same_costs_almost_nothing():
    assert _written([0] * 1000) == b""
    assert len(_written([1] * 1000)) < 10


def test_no_decision_costs_more_than_the_worst():
    # From the middle, fresh and settled, and from the outermost first chances of the sample codec.
    for first in (0x8000, 0x8000 | SETTLED, 8 << 8 | 1, 248 << 8 | 1):
        for bit in (0, 1):
            chances = array("H", [first])
            for _ in range(3000):
                adapt(chances, 0, bit)
            assert 31 <= chances[0] >> 4 <= 4096 - 31
    assert RATES[SETTLED] == 5
    # 31/4096 of the shortest span must not be worth more than WORST_DECISION sixteenths of a bit.
    assert ((SPAN >> 8) + 4095) ** 16 < ((SPAN >> 8 >> 12) * 31) ** 16 << WORST_DECISION


def test_bytes_behind_the_end_are_zeros():
    decoder = RangeDecoder(b"\x80", 0)
    assert decoder.raw(0, 28) == 1 << 27
    assert decoder.taken >= 4
