"""What the sample codec knows: it foretells every column and writes its small surprise as binary decisions.

One walk over the columns serves both directions: with a RangeEncoder it writes `values`, with a RangeDecoder it finds
them. The bits are told in docs/SAMPLES.md. Numbers stay within 31 bits; nothing is allocated after construction.
"""

from array import array

from .range_coder import WORST_DECISION, RangeDecoder, RangeEncoder
from .sample import COLUMNS
from .sample_prior import HABIT_PRIOR, LATEST_PRIOR

T_S, FIX, LATITUDE, LONGITUDE, ALTITUDE, SPEED, HEART_RATE, CONFIDENCE, CADENCE = range(9)

# How the next value is foretold: as the last; the last and one; the last and its step. A CHOICE is written in full.
HOLD, COUNT, STEP, CHOICE = range(4)

# One row per column, in the order of COLUMNS: how it is foretold, bits of a value written in full, whether resting at 0
# is a context of its own, the column whose surprise in the same sample is a hint (−1 none).
MODELS = (
    (COUNT, 30, 0, -1),
    (CHOICE, 2, 0, -1),
    (STEP, 28, 0, -1),
    (STEP, 29, 0, LATITUDE),
    (HOLD, 16, 0, -1),
    (HOLD, 16, 1, -1),
    (HOLD, 8, 1, -1),
    (CHOICE, 2, 0, -1),
    (HOLD, 8, 1, -1),
)

# A surprise is its rank (0: none; k: 2^(k−1) ≤ |surprise| < 2^k; 15: the value follows in full), then its sign, then
# the bits below the highest one, of which the first has a model and the others are raw.
IN_FULL = 15
RANK_BITS = 4
SIGN = 15  # in a context: 15 models of the rank's tree, then 9 of the sign by the two signs before
CONTEXT = 24
HABITS = 8  # contexts by the mean of the surprises
LATESTS = 6  # contexts by the latest surprise, twice where resting counts
BELOW = 16  # models of the bit below the highest, by rank
UNUSUAL = 5  # 4 models by whether the two samples before were unusual, 1 without context
HALF = 0x8001

# State of a column: the last value, its step, mean surprise × 16, latest surprise, the two signs before (base 3).
VALUE, SLOPE, MEAN, LATEST, SIGNS, ROW = range(6)
SURPRISE_LIMIT = (1 << IN_FULL - 1) - 1
SURPRISE_MAX = 255  # what mean and latest count at most


def models_of(column: int) -> int:
    """Return how many models a column has."""
    how, bits, rests, _ = MODELS[column]
    if how == CHOICE:
        return 1 << bits + bits + bits
    return (HABITS + LATESTS * (1 + rests)) * CONTEXT + BELOW


def first_models() -> "list[int]":
    """Return the index of each column's first model, and behind them how many models there are."""
    firsts = [UNUSUAL]
    for column in range(len(COLUMNS)):
        firsts.append(firsts[-1] + models_of(column))
    return firsts


def worst_sample_bytes() -> int:
    """Return an upper bound of the bytes that one sample adds to what the coder has sent, to the end of the chunk."""
    worst = WORST_DECISION
    for how, bits, _, _ in MODELS:
        if how == CHOICE:
            worst += WORST_DECISION * bits
        else:
            worst += WORST_DECISION * RANK_BITS + max(16 * bits, WORST_DECISION * 2 + 16 * (IN_FULL - 3))
    # Up to 8 bits wait in the coder, the end rounds up to a whole byte and may need one more.
    return (worst + 127) // 128 + 3


class SampleModel:
    """The models of one stretch of chunks.

    `values` holds the sample that is written or was found, `chances` the models (`first_models` says whose they are),
    `state` a row per column.
    """

    def __init__(self) -> None:
        self.values = array("i", [0] * len(COLUMNS))
        self._starts = array("H", first_models())
        self.chances = array("H", bytes(2 * self._starts[-1]))  # a list of them would be the largest thing on the heap
        self.state = array("i", [0] * (ROW * len(COLUMNS)))
        self._unusual = 0
        self._habit = 0
        self._latest = 0
        self._below = 0
        self.restart()

    def restart(self) -> None:
        """Forget everything: the next sample is the first of a page or boot."""
        chances = self.chances
        for index in range(len(chances)):
            chances[index] = HALF
        for column in range(len(COLUMNS)):
            row = column * ROW
            self.values[column] = 0
            self.state[row + VALUE] = 0
            self.state[row + SLOPE] = 1 if MODELS[column][0] == COUNT else 0
            self.state[row + MEAN] = SURPRISE_MAX << 4
            self.state[row + LATEST] = SURPRISE_MAX
            self.state[row + SIGNS] = 0
            if MODELS[column][0] != CHOICE:
                self._expect(column)
        self._unusual = 0

    def _expect(self, column: int) -> None:
        index = self._starts[column]
        for context in range(HABITS + LATESTS * (1 + MODELS[column][2])):
            for node in range(SIGN):
                if context < HABITS:
                    chance = HABIT_PRIOR[context * SIGN + node]
                else:
                    chance = LATEST_PRIOR[(context - HABITS) % LATESTS * SIGN + node]
                self.chances[index + node] = chance << 8 | 1
            index += CONTEXT

    def walk(self, coder: "RangeEncoder | RangeDecoder") -> None:
        """Write or find all of `values`; without a fix position, altitude and speed repeat what they were."""
        values = self.values
        state = self.state
        unusual = 1
        if values[T_S] == state[0] + 1 and values[FIX] == state[FIX * ROW]:
            unusual = 0 if values[CONFIDENCE] == state[CONFIDENCE * ROW] else 1
        unusual = coder.bit(self.chances, self._unusual, UNUSUAL - 1, unusual)
        self._unusual = (self._unusual << 1 | unusual) & 3
        if unusual:
            self._number(coder, T_S)
            self._choice(coder, FIX)
            self._choice(coder, CONFIDENCE)
        else:
            state[0] += 1
            values[T_S] = state[0]
            values[FIX] = state[FIX * ROW]
            values[CONFIDENCE] = state[CONFIDENCE * ROW]
        for column in range(LATITUDE, HEART_RATE):
            if values[FIX]:
                self._number(coder, column)
            else:
                values[column] = state[column * ROW]
        self._number(coder, HEART_RATE)
        self._number(coder, CADENCE)

    def _choice(self, coder: "RangeEncoder | RangeDecoder", column: int) -> None:
        # The value and the one before it (kept as SLOPE) choose a tree of three models.
        row = column * ROW
        last = self.state[row]
        tree = self._starts[column] + (self.state[row + SLOPE] << 4 | last << 2)
        value = self.values[column]
        high = coder.bit(self.chances, tree, tree, value >> 1)
        tree += 1 + high
        value = high << 1 | coder.bit(self.chances, tree, tree, value & 1)
        self.values[column] = value
        self.state[row + SLOPE] = last
        self.state[row] = value

    def _number(self, coder: "RangeEncoder | RangeDecoder", column: int) -> None:
        state = self.state
        row = column * ROW
        value = state[row] + state[row + SLOPE]
        self._choose_contexts(column)
        surprise = self._surprise(coder, row, self.values[column] - value)
        steps = MODELS[column][0] == STEP
        if surprise > SURPRISE_LIMIT:
            lowest = COLUMNS[column][1]
            value = coder.raw(self.values[column] - lowest, MODELS[column][1]) + lowest
            if steps:
                state[row + SLOPE] = 0
        else:
            value += surprise
            if steps:
                state[row + SLOPE] = value - state[row]
        state[row] = value
        self.values[column] = value

    def _choose_contexts(self, column: int) -> None:
        state = self.state
        row = column * ROW
        mean = state[row + MEAN]
        hint = MODELS[column][3]
        if hint >= 0:
            mean = mean + (state[hint * ROW + LATEST] << 4) >> 1
        start = self._starts[column]
        self._habit = start + _rank(mean >> 2, HABITS - 1) * CONTEXT
        start += HABITS * CONTEXT
        latest = _rank(state[row + LATEST], LATESTS - 1)
        self._below = start + LATESTS * CONTEXT
        if MODELS[column][2]:
            self._below += LATESTS * CONTEXT
            if state[row] == 0:
                latest += LATESTS
        self._latest = start + latest * CONTEXT

    def _surprise(self, coder: "RangeEncoder | RangeDecoder", row: int, surprise: int) -> int:
        """Write or find one surprise; above SURPRISE_LIMIT it says that the value follows in full."""
        magnitude = abs(surprise)
        rank = _rank(magnitude, IN_FULL)
        node = 1
        bits = RANK_BITS
        while bits:
            bits -= 1
            node = node << 1 | coder.bit(
                self.chances, self._habit + node - 1, self._latest + node - 1, rank >> bits & 1
            )
        rank = node - (1 << RANK_BITS)
        state = self.state
        signs = state[row + SIGNS]
        sign = 0
        if rank == IN_FULL:
            magnitude = SURPRISE_LIMIT + 1
        elif rank:
            negative = 1 if surprise < 0 else 0
            negative = coder.bit(self.chances, self._habit + SIGN + signs, self._latest + SIGN + signs, negative)
            sign = 1 + negative
            magnitude = self._bits_below(coder, magnitude, rank - 1) if rank > 1 else 1
        else:
            magnitude = 0
        capped = min(magnitude, SURPRISE_MAX)
        state[row + LATEST] = capped
        state[row + MEAN] += (capped << 4) - state[row + MEAN] >> 2
        state[row + SIGNS] = signs % 3 * 3 + sign
        return -magnitude if sign == 2 else magnitude

    def _bits_below(self, coder: "RangeEncoder | RangeDecoder", magnitude: int, below: int) -> int:
        """Write or find the `below` bits under the highest bit of a magnitude; return the magnitude."""
        below -= 1
        model = self._below + below
        high = coder.bit(self.chances, model, model, magnitude >> below & 1)
        return (2 | high) << below | coder.raw(magnitude & (1 << below) - 1, below)


def _rank(magnitude: int, highest: int) -> int:
    """Return how many bits a magnitude has, at most `highest`."""
    rank = 0
    while magnitude and rank < highest:
        magnitude >>= 1
        rank += 1
    return rank
