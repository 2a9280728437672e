"""Samples ⇄ SAMPLES payloads (bits: docs/SAMPLES.md): predict every column, write the small surprise as binary decisions.

    payload = flags u8 (bit 0: models start fresh) ‖ count u8 ‖ bytes of the range coder, trailing zeros left out

One walk over the columns serves both directions: with a RangeEncoder it writes the values, with a RangeDecoder it finds them.
"""

from array import array

from paceline_protocol.errors import JournalError
from paceline_protocol.range_coder import WORST_DECISION_BITS_X16, RangeDecoder, RangeEncoder
from paceline_protocol.sample import COLUMNS, SPEED_QUANTUM_CM_S

FLAG_FRESH = 1
HEADER_BYTES = 2
PAYLOAD_MAX = 255
COUNT_MAX = 255

# One row per column, in the order of COLUMNS: raw bits of a value, predictors (see _predict), magnitude contexts.
# No predictors: a small choice, written in full under the value before it.
_MODELS = (
    (30, b"\x01", 2),
    (2, b"", 0),
    (28, b"\x00\x01\x02\x03", 12),
    (29, b"\x00\x01\x02\x03", 12),
    (16, b"\x00\x01\x03", 8),
    (13, b"\x00\x01\x03", 8),
    (8, b"\x00\x01\x03", 6),
    (2, b"", 0),
    (8, b"\x00\x01", 8),
)
_FIX, _LATITUDE, _SPEED = 1, 2, 5

# A surprise is a class (0: none, k: 2^(k-1) ≤ |surprise| < 2^k, 15: the value follows raw), sign, then the bits below the top one.
_ESCAPE = 15
_MODELS_PER_CONTEXT = 32  # 15 of the class tree, 1 of the sign, 15 of the bit below the top one by class

# Per column: the three values before, the magnitude of late surprises × 16, four predictors' late surprises.
_HISTORY, _MAGNITUDE, _SCORES, _ROW = 0, 3, 4, 8


def _width(model: "tuple[int, bytes, int]") -> int:
    bits, _, contexts = model
    return contexts * _MODELS_PER_CONTEXT if contexts else 4**bits


def _worst_bits_x16() -> int:
    worst = 0
    for bits, predictors, _ in _MODELS:
        worst += WORST_DECISION_BITS_X16 * (6 if predictors else bits) + 16 * max(
            bits if predictors else 0, _ESCAPE - 1
        )
    return worst


# Whole bytes that one worst sample may add, with what `low` still holds and the last rounding up.
_WORST_SAMPLE_BYTES = (_worst_bits_x16() >> 7) + 4


class SampleModel:
    """Predictors and adaptive models of one stretch of chunks; `values` holds the sample being walked."""

    def __init__(self) -> None:
        self.values = array("i", [0] * len(COLUMNS))
        self._starts = array("H", [0] * len(COLUMNS))
        start = 0
        for column, model in enumerate(_MODELS):
            self._starts[column] = start
            start += _width(model)
        self._chances = array("H", [0x8000] * start)
        self._state = array("i", [0] * (_ROW * len(COLUMNS)))
        self._known = 0

    def restart(self) -> None:
        """Forget everything: the next sample is the first of a page or boot."""
        for index in range(len(self._chances)):
            self._chances[index] = 0x8000
        for index in range(len(self._state)):
            self._state[index] = 0
        for column in range(len(self.values)):
            self.values[column] = 0
        self._known = 0

    def walk(self, coder: "RangeEncoder | RangeDecoder") -> None:
        """Write or find all of `values`; without a fix position, altitude and speed repeat."""
        column = 0
        while column < len(_MODELS):
            if column == _LATITUDE and self.values[_FIX] == 0:
                while column <= _SPEED:
                    self.values[column] = self._state[column * _ROW]
                    column += 1
                continue
            if _MODELS[column][2] == 0:
                self._choice(coder, column)
            elif self._known >> column & 1:
                self._number(coder, column)
            else:
                self._first(coder, column)
            column += 1

    def _first(self, coder: "RangeEncoder | RangeDecoder", column: int) -> None:
        lowest = COLUMNS[column][1]
        value = coder.raw(self.values[column] - lowest, _MODELS[column][0]) + lowest
        self.values[column] = value
        row = column * _ROW
        self._state[row] = self._state[row + 1] = self._state[row + 2] = value
        self._known |= 1 << column

    def _choice(self, coder: "RangeEncoder | RangeDecoder", column: int) -> None:
        bits = _MODELS[column][0]
        value = self.values[column]
        node = 1
        base = self._starts[column] + (self._state[column * _ROW] << bits)
        while bits:
            bits -= 1
            node = node << 1 | coder.bit(self._chances, base + node, value >> bits & 1)
        value = node - (1 << _MODELS[column][0])
        self.values[column] = value
        self._state[column * _ROW] = value

    def _number(self, coder: "RangeEncoder | RangeDecoder", column: int) -> None:
        row = column * _ROW
        predicted = self._predict(column, self._best(column))
        value = self.values[column]
        surprise = self._surprise(coder, column, value - predicted)
        if surprise == 1 << _ESCAPE:
            lowest = COLUMNS[column][1]
            value = coder.raw(value - lowest, _MODELS[column][0]) + lowest
        else:
            value = predicted + surprise
        self._learn(column, value, predicted)
        self.values[column] = value
        state = self._state
        state[row + 2] = state[row + 1]
        state[row + 1] = state[row]
        state[row] = value

    def _surprise(self, coder: "RangeEncoder | RangeDecoder", column: int, surprise: int) -> int:
        magnitude = abs(surprise)
        rank = 0
        while rank < _ESCAPE and magnitude >> rank:
            rank += 1
        base = self._starts[column] + self._context(column) * _MODELS_PER_CONTEXT
        node = 1
        bits = 4
        while bits:
            bits -= 1
            node = node << 1 | coder.bit(self._chances, base + node, rank >> bits & 1)
        rank = node - 16
        if rank == 0:
            return 0
        if rank == _ESCAPE:
            return 1 << _ESCAPE
        negative = coder.bit(self._chances, base, 1 if surprise < 0 else 0)
        if rank > 1:
            second = coder.bit(self._chances, base + 16 + rank, magnitude >> rank - 2 & 1)
            magnitude = coder.raw(magnitude & (1 << rank - 2) - 1, rank - 2) + ((2 + second) << rank - 2)
        else:
            magnitude = 1
        return -magnitude if negative else magnitude

    def _context(self, column: int) -> int:
        magnitude = self._state[column * _ROW + _MAGNITUDE] >> 2
        context = 0
        while magnitude:
            magnitude >>= 1
            context += 1
        return min(context, _MODELS[column][2] - 1)

    def _predict(self, column: int, predictor: int) -> int:
        state = self._state
        row = column * _ROW
        value = state[row]
        if predictor == 1:
            value += 1 if column == 0 else value - state[row + 1]
        elif predictor == 2:
            value += value - state[row + 1] - (state[row + 1] - state[row + 2]) + value - state[row + 1]
        elif predictor == 3:
            value += value - state[row + 1] >> 1
        return min(max(value, COLUMNS[column][1]), COLUMNS[column][2])

    def _best(self, column: int) -> int:
        predictors = _MODELS[column][1]
        scores = column * _ROW + _SCORES
        best = 0
        for rank in range(1, len(predictors)):
            if self._state[scores + rank] < self._state[scores + best]:
                best = rank
        return predictors[best]

    def _learn(self, column: int, value: int, predicted: int) -> None:
        state = self._state
        row = column * _ROW
        magnitude = state[row + _MAGNITUDE]
        state[row + _MAGNITUDE] = magnitude + (min(abs(value - predicted), 4096) * 16 - magnitude >> 2)
        predictors = _MODELS[column][1]
        for rank in range(len(predictors)):
            score = state[row + _SCORES + rank]
            miss = min(abs(value - self._predict(column, predictors[rank])), 4096)
            state[row + _SCORES + rank] = score + (miss * 16 - score >> 3)


class SampleEncoder:
    """Samples in, payloads of at most 255 bytes out; nothing is allocated after construction."""

    def __init__(self) -> None:
        self._model = SampleModel()
        self._coder = RangeEncoder(PAYLOAD_MAX + _WORST_SAMPLE_BYTES)
        self.count = 0
        self._flags = FLAG_FRESH

    def restart(self) -> None:
        """Start fresh models, for the first chunk of a page or boot; samples put and not closed are lost."""
        self._model.restart()
        self._coder.restart()
        self.count = 0
        self._flags = FLAG_FRESH

    def put(
        self,
        t_s: int,
        fix: int,
        latitude_udeg: int,
        longitude_udeg: int,
        altitude_2dm: int,
        speed_cm_s: int,
        heart_rate_bpm: int,
        heart_rate_confidence: int,
        cadence_spm: int,
    ) -> None:
        """Add one sample; see COLUMNS for units and bounds. The caller has seen that room_needed() fits."""
        values = self._model.values
        values[0] = t_s
        values[1] = fix
        values[2] = latitude_udeg
        values[3] = longitude_udeg
        values[4] = altitude_2dm
        values[5] = speed_cm_s
        values[6] = heart_rate_bpm
        values[7] = heart_rate_confidence
        values[8] = cadence_spm
        for column in range(9):
            if values[column] < COLUMNS[column][1]:
                values[column] = COLUMNS[column][1]
            elif values[column] > COLUMNS[column][2]:
                values[column] = COLUMNS[column][2]
        values[_SPEED] = (values[_SPEED] + (SPEED_QUANTUM_CM_S >> 1)) // SPEED_QUANTUM_CM_S
        self._model.walk(self._coder)
        self.count += 1

    def room_needed(self) -> int:
        """Return how many bytes the payload could need if one more worst sample were put and the chunk closed."""
        return HEADER_BYTES + self._coder.end + _WORST_SAMPLE_BYTES

    def close(self, buffer: bytearray, offset: int) -> int:
        """Write the payload at `offset`, return its end; the models go on, the next chunk continues them."""
        end = self._coder.finish()
        buffer[offset] = self._flags
        buffer[offset + 1] = self.count
        offset += HEADER_BYTES
        coded = self._coder.buffer
        for index in range(end):
            buffer[offset + index] = coded[index]
        self._coder.restart()
        self.count = 0
        self._flags = 0
        return offset + end


class SampleDecoder:
    """Payloads in their order in, samples out: the plain reference."""

    def __init__(self) -> None:
        self._model = SampleModel()
        self._fresh = False

    def decode(self, payload: bytes) -> "list[tuple[int, ...]]":
        """Return the samples of one payload as tuples in COLUMNS order, or raise JournalError."""
        if len(payload) < HEADER_BYTES or payload[0] > FLAG_FRESH or payload[1] == 0:
            raise JournalError("samples", 0, "flags or count")
        if payload[0] & FLAG_FRESH:
            self._model.restart()
            self._fresh = True
        elif not self._fresh:
            raise JournalError("samples", 0, "the first chunk of the page is missing")
        coder = RangeDecoder(payload, HEADER_BYTES)
        samples = []
        values = self._model.values
        for _ in range(payload[1]):
            self._model.walk(coder)
            for column in range(9):
                if not COLUMNS[column][1] <= values[column] <= COLUMNS[column][2]:
                    self._fresh = False
                    raise JournalError("samples", coder.taken, COLUMNS[column][0])
            sample = list(values)
            sample[_SPEED] *= SPEED_QUANTUM_CM_S
            samples.append(tuple(sample))
        if coder.taken < len(payload):
            self._fresh = False
            raise JournalError("samples", coder.taken, "bytes left over")
        return samples
