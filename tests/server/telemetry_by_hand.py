"""A slow reader of telemetry blobs, written from docs/TELEMETRY.md alone: what the coder in C is checked against."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

ORDER = (0, 1, 2, 3, 5, 6, 7, 8, 4, 9)
OWN_STEPS = (1, 3, 3, 2, 3, 2, 0, 2, 3, 2)
PER_UNIT = (1000, 10**6, 10**6, 5, 100, 1, 1, 1, 10, 1)
STEADY, RESTS = {0, 1, 2, 8}, {7, 4, 9}
CURVE = [round(65536 / (1 + math.exp(-k / 2))) for k in range(-16, 17)]
COS = [round(65536 * math.cos(math.radians(degree))) for degree in range(92)]


def squash(x: int) -> int:
    """Return the chance at a place of the curve."""
    at, part = (x >> 7) + 16, x & 127
    return min(max((CURVE[at] * (128 - part) + CURVE[at + 1] * part + 64) >> 7, 24), 65512)


SQUASHED = [squash(x) for x in range(-2048, 2048)]
STRETCH = [next((x for x in range(-2048, 2048) if SQUASHED[x + 2048] >> 4 >= v), 2047) for v in range(4096)]


def held(value: int, most: int) -> int:
    """Return the value within ±most."""
    return min(max(value, -most), most)


def rank7(value: int) -> int:
    """Return the number of bits, 7 at most."""
    return min(value.bit_length(), 7)


class Taken:
    """Bytes, read one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, length: int) -> bytes:
        """Return the next bytes, zeros behind the last."""
        part = self.data[self.at : self.at + length]
        self.at += length
        return part.ljust(length, b"\0")

    def size(self) -> int:
        """Return a size."""
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def signed(self) -> int:
        """Return a signed number."""
        value = self.size()
        return -(value + 1) // 2 if value & 1 else value // 2


class Model:
    """A chance that learns."""

    def __init__(self) -> None:
        self.chance, self.asked = 32768, 0

    def adapt(self, bit: int) -> None:
        """Learn from a decision."""
        self.chance += ((65536 * bit - self.chance) * (655360 // (10 * self.asked + 16))) >> 16
        self.asked = min(self.asked + 1, 60)


class Coder:
    """Decisions out of bytes, and the models of a column's numbers."""

    def __init__(self, taken: Taken) -> None:
        self.taken, self.range = taken, 2**64 - 1
        self.low = int.from_bytes(taken.take(8), "big")
        self.weights = [[32768, 32768] for _ in range(5)]
        self.habit = [[Model() for _ in range(33)] for _ in range(66)]
        self.guess = [[Model() for _ in range(33)] for _ in range(129)]
        self.leading = [[Model() for _ in range(8)] for _ in range(32)]

    def decide(self, chance: int) -> int:
        """Return a decision."""
        bound = (self.range >> 16) * chance
        bit = int(self.low < bound)
        if bit:
            self.range = bound
        else:
            self.low, self.range = self.low - bound, self.range - bound
        if self.range < 2**32:
            self.low = self.low << 32 | int.from_bytes(self.taken.take(4), "big")
            self.range <<= 32
        return bit

    def plain(self, model: Model) -> int:
        """Return a decision by one model."""
        bit = self.decide(min(max(model.chance, 24), 65512))
        model.adapt(bit)
        return bit

    def mixed(self, models: Sequence[Model], weights: list[int]) -> int:
        """Return a decision by two models."""
        told = [STRETCH[model.chance >> 4] for model in models]
        chance = SQUASHED[held(sum(map(int.__mul__, weights, told)) >> 16, 2047) + 2048]
        bit = self.decide(chance)
        wrong = 3 * (65536 * bit - chance)
        weights[:] = [weight + ((s * wrong + 32768) >> 16) for weight, s in zip(weights, told, strict=True)]
        for model in models:
            model.adapt(bit)
        return bit

    def number(self, habit: int, guess: int, signs: int) -> int:
        """Return a number in its contexts."""
        one, other, rank = self.habit[habit], self.guess[guess], 0
        while rank < 50 and self.mixed((one[min(rank, 23)], other[min(rank, 23)]), self.weights[min(rank, 3)]):
            rank += 1
        if rank == 0:
            return 0
        negative = self.mixed((one[24 + signs], other[24]), self.weights[4])
        found = 1
        for place in range(rank - 1):
            found = found << 1 | (self.plain(self.leading[min(rank, 31)][found]) if place < 3 else self.decide(32768))
        return -found if negative else found


def nearest(listed: Sequence[int], value: int) -> int:
    """Return the place of the nearest, of equally near ones the lower."""
    return min(range(len(listed)), key=lambda place: (abs(listed[place] - value), place))


def steps(values: Sequence[int]) -> list[int]:
    """Return the step to each row."""
    return [0, *(now - before for before, now in pairwise(values))]


def moved(values: Sequence[int], later: int) -> list[int]:
    """Return the values of some rows later, held at the ends."""
    return [values[min(max(row + later, 0), len(values) - 1)] for row in range(len(values))]


def ways(latitudes: Sequence[int], longitudes: Sequence[int]) -> list[int]:
    """Return the way to each row in 1/16 cm."""
    found = []
    for latitude, north, east in zip(latitudes, steps(latitudes), steps(longitudes), strict=True):
        degree, part = divmod(min(abs(latitude), 90 * 10**6), 10**6)
        cos = COS[degree] + (COS[degree + 1] - COS[degree]) * part // 10**6
        a, b = held(east, 2**20) * cos >> 12, held(north, 2**20) * 16
        found.append(math.isqrt(a * a + b * b) * 2847 >> 8)
    return found


Guess = Callable[[int, int, int], int]


def hints(number: int, rows: int, known: dict[int, list[int]], fine: bool) -> tuple[list[list[int]], Guess]:
    """Return the hints of a column, and its guess from row, last value and last step."""
    told: list[list[int]] = []
    guess: Guess = lambda row, last, step: last + step if number in {1, 2} else last  # noqa: E731
    way = ways(known[1], known[2]) if {1, 2} <= known.keys() else None
    if number == 2 and 1 in known:
        told = [moved(steps(known[1]), later) for later in (1, 0, -1)]
    if number == 8 and way:
        told = [moved([one >> 4 for one in way], later) for later in (1, 0, -1)]
        unit = 16 if fine else 160
        guess = lambda row, last, step: last + (way[row] + unit // 2) // unit  # noqa: E731
    if number == 4 and 0 in known:
        ms = [max(step, 1) for step in steps(known[0])]
        speeds: list[int] = []
        if way:
            speeds = [one * 1000 // each >> 4 for one, each in zip(way, ms, strict=True)]
            told += [moved(speeds, later) for later in (2, 1, 0, -1)]
        if 8 in known:
            speeds = [s * (1000 if fine else 10000) // each for s, each in zip(steps(known[8]), ms, strict=True)]
            told += [moved(speeds, later) for later in (2, 1, 0, -1, -2)]
        if speeds:
            guess = lambda row, last, step: speeds[row]  # noqa: E731
    return told, guess


def read(blob: bytes) -> dict[int, list[float | None]]:
    """Return all columns of a blob by number, None where there is no value."""
    taken = Taken(blob)
    assert taken.take(4) == b"PLT\x02"
    rows = int.from_bytes(taken.take(4), "little")
    lengths = {taken.take(1)[0]: taken.size() for _ in range(taken.take(1)[0])}
    bodies = {number: taken.take(length) for number, length in lengths.items()}
    assert taken.at == len(blob)
    known: dict[int, list[int]] = {}
    gaps: dict[int, list[int]] = {}
    fine = 8 in bodies and bool(bodies[8][0] & 16)
    for number in (one for one in ORDER if one in bodies):
        known[number], gaps[number] = column(number, rows, bodies[number], known, gaps, fine)
    return {
        number: [
            None if gap else value / (100 if number == 8 and fine else PER_UNIT[number])
            for value, gap in zip(values, gaps[number], strict=True)
        ]
        for number, values in known.items()
    }


def column(
    number: int, rows: int, body: bytes, known: dict[int, list[int]], gaps: dict[int, list[int]], fine: bool
) -> tuple[list[int], list[int]]:
    """Return the values of a column, the last one held, and its gaps."""
    taken = Taken(body)
    flags, first = taken.take(1)[0], taken.signed()
    told, guess = hints(number, rows, known, fine)
    factors = [0] * (OWN_STEPS[number] + len(told))
    if number in STEADY:
        factors[0] = 4096
    if flags & 4:
        factors = [held(taken.signed(), 32767) for _ in factors]
    listed = [0] * (taken.size() if flags & 3 else 0)
    if flags & 3:
        listed[0] = taken.signed()
    coder = Coder(taken)
    gap = [0] * rows
    models = [Model() for _ in range(8)]
    for row in range(rows if flags & 8 else 0):
        beside = gaps[1][row] if number == 2 and 1 in gaps else 0
        before = 4 * (row > 1 and gap[row - 2]) + 2 * (row > 0 and gap[row - 1])
        gap[row] = coder.plain(models[before + beside])
    for place in range(1, len(listed)):
        listed[place] = listed[place - 1] + 1 + coder.number(65, 128, 0)
    values = surprises(number, gap, coder, first, factors, told, guess, listed, flags & 3)
    assert len(body) <= taken.at <= len(body) + 7
    return values, gap


def surprises(
    number: int, gap: list[int], coder: Coder, first: int, factors: list[int], told: list[list[int]], guess: Guess,
    listed: list[int], form: int,
) -> list[int]:  # fmt: skip
    """Return a value for each row, the last one held in gaps."""
    values: list[int] = []
    own, begun = [0, 0, 0], False
    mean, latest, before, signs, last = 64, 0, 0, 0, 0
    for row, missing in enumerate(gap):
        if not missing and not begun:
            begun, last = True, first
        elif not missing:
            given = own[: OWN_STEPS[number]] + [hint[row] - (last if number == 4 else 0) for hint in told]
            total = sum(factor * held(each, 2**40) for factor, each in zip(factors, given, strict=True))
            foretold = held(last + ((2048 + total) >> 12), 2**48 - 1)
            apart = guess(row, last, held(own[0], 2**40)) - foretold
            habit = 64 if number in RESTS and last == 0 else 8 * rank7(latest) + rank7(before)
            wide = 8 * (2 * rank7(abs(apart)) + (apart < 0)) + rank7(mean >> 5)
            surprise = coder.number(habit, wide, signs)
            base = last if form == 2 else 0
            value = base + listed[nearest(listed, foretold - base) + surprise] if form else foretold + surprise
            x = min(abs(surprise), 100000)
            before, latest, mean = latest, x, mean + ((64 * x - mean) >> 2)
            signs = 3 * (signs % 3) + (surprise > 0) + 2 * (surprise < 0)
            own, last = [value - last, *own[:2]], value
        values.append(last)
    return values
