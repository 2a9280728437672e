"""SAMPLES payloads → integer columns: the native twin of paceline_protocol.sample_codec.SampleDecoder, bit for bit.

The walk is that of paceline_protocol.sample_model, compiled by numba; tables and first states come from there. numba's
cache does not see a change of theirs, which is right for a format that never changes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from paceline_protocol.errors import JournalError
from paceline_protocol.range_coder import RATES, SETTLED, SPAN, SPAN_LOW
from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_codec import FLAG_FRESH, HEADER_BYTES
from paceline_protocol.sample_model import (
    CONFIDENCE,
    CONTEXT,
    FIX,
    HABITS,
    HEART_RATE,
    IN_FULL,
    LATEST,
    LATESTS,
    LATITUDE,
    MEAN,
    MODELS,
    RANK_BITS,
    ROW,
    SIGN,
    SIGNS,
    SLOPE,
    STEP,
    SURPRISE_LIMIT,
    SURPRISE_MAX,
    UNUSUAL,
    VALUE,
    SampleModel,
    first_models,
)

_FIRST = SampleModel()
_FIRST_CHANCES = np.array(_FIRST.chances, np.uint16)
_FIRST_STATE = np.array(_FIRST.state, np.int64)
_MODELS = np.array(MODELS, np.int64)
_STARTS = np.array(first_models(), np.int64)
_RATES = np.frombuffer(RATES, np.uint8).astype(np.int64)
_LOWEST = np.array([lowest for _, lowest, _ in COLUMNS], np.int64)
_HIGHEST = np.array([highest for _, _, highest in COLUMNS], np.int64)
_CADENCE = len(COLUMNS) - 1

# What the coder is between two decisions, and the last two "unusual" answers.
_SPAN, _CODE, _HALF, _TAKEN, _STOP, _UNUSUAL, _CODER = range(7)

_HEADER, _MISSING, _OUT_OF_BOUNDS, _LEFT_OVER = 1, 2, 3, 4
_REASONS = {
    _HEADER: "flags or count",
    _MISSING: "the payload before it is missing",
    _OUT_OF_BOUNDS: "a value out of bounds",
    _LEFT_OVER: "bytes left over",
}


def decode_chunks(payloads: Sequence[bytes]) -> dict[str, NDArray[np.int32]]:
    """Return the samples of consecutive payloads as one int32 column per name of COLUMNS, all of equal length.

    The first payload must start fresh. Raises JournalError("samples"), `where` being the offset in the payload that the
    detail names, for bytes that no encoder writes. Memory: 36 bytes for each of the at most 255 samples of a payload.
    """
    data = np.frombuffer(b"".join(payloads), np.uint8)
    ends = np.cumsum([len(payload) for payload in payloads], dtype=np.int64)
    rows = sum(payload[1] for payload in payloads if len(payload) >= HEADER_BYTES)
    columns = np.empty((len(COLUMNS), rows), np.int32)
    reason, number, where = _decode(data, ends, _FIRST_CHANCES.copy(), _FIRST_STATE.copy(), columns)
    if reason:
        raise JournalError("samples", where, f"payload {number}: {_REASONS[reason]}")
    return {name: columns[column] for column, (name, _, _) in enumerate(COLUMNS)}


def warm_up() -> None:
    """Compile the decoder, or load it from numba's cache, before the first request needs it."""
    decode_chunks([bytes((FLAG_FRESH, 1))])


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    # numba caches beside this file or else in the user's cache folder; where neither can be written, it compiles anew.
    # nogil: requests are answered while it runs.
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return numba.njit(nogil=True)(function)


@_compiled
def _take(coder, data):  # pyright: ignore[reportMissingParameterType]
    byte = 0
    if coder[_TAKEN] < coder[_STOP]:
        byte = np.int64(data[coder[_TAKEN]])
    coder[_TAKEN] += 1
    coder[_CODE] = coder[_CODE] << 8 | coder[_HALF] << 4 | byte >> 4
    coder[_HALF] = byte & 15


@_compiled
def _adapt(chances, index, bit):  # pyright: ignore[reportMissingParameterType]
    chance = np.int64(chances[index])
    rate = _RATES[chance & SETTLED]
    step = -(chance >> 4 >> rate) if bit else 4096 - (chance >> 4) >> rate
    moved = chance + (step << 4)
    chances[index] = moved if chance & SETTLED == SETTLED else moved + 1


@_compiled
def _bit(coder, data, chances, first, second):  # pyright: ignore[reportMissingParameterType]
    average = (np.int64(chances[first]) >> 4) + (np.int64(chances[second]) >> 4) >> 1
    zero = (coder[_SPAN] >> 12) * average
    bit = 0
    if coder[_CODE] < zero:
        coder[_SPAN] = zero
    else:
        bit = 1
        coder[_CODE] -= zero
        coder[_SPAN] -= zero
    _adapt(chances, first, bit)
    _adapt(chances, second, bit)
    if coder[_SPAN] < SPAN_LOW:
        coder[_SPAN] <<= 8
        _take(coder, data)
    return bit


@_compiled
def _raw(coder, data, bits):  # pyright: ignore[reportMissingParameterType]
    value = 0
    for _ in range(bits):
        coder[_SPAN] >>= 1
        value <<= 1
        if coder[_CODE] >= coder[_SPAN]:
            coder[_CODE] -= coder[_SPAN]
            value |= 1
        if coder[_SPAN] < SPAN_LOW:
            coder[_SPAN] <<= 8
            _take(coder, data)
    return value


@_compiled
def _rank(magnitude, highest):  # pyright: ignore[reportMissingParameterType]
    rank = 0
    while magnitude and rank < highest:
        magnitude >>= 1
        rank += 1
    return rank


@_compiled
def _choice(coder, data, chances, state, column):  # pyright: ignore[reportMissingParameterType]
    row = column * ROW
    last = state[row + VALUE]
    tree = _STARTS[column] + (state[row + SLOPE] << 4 | last << 2)
    high = _bit(coder, data, chances, tree, tree)
    tree += 1 + high
    state[row + SLOPE] = last
    state[row + VALUE] = high << 1 | _bit(coder, data, chances, tree, tree)


@_compiled
def _contexts(state, column):  # pyright: ignore[reportMissingParameterType]
    row = column * ROW
    mean = state[row + MEAN]
    hint = _MODELS[column, 3]
    if hint >= 0:
        mean = mean + (state[hint * ROW + LATEST] << 4) >> 1
    habit = _STARTS[column] + _rank(mean >> 2, HABITS - 1) * CONTEXT
    latest = _rank(state[row + LATEST], LATESTS - 1)
    below = _STARTS[column] + (HABITS + LATESTS) * CONTEXT
    if _MODELS[column, 2]:
        below += LATESTS * CONTEXT
        if state[row + VALUE] == 0:
            latest += LATESTS
    return habit, _STARTS[column] + (HABITS + latest) * CONTEXT, below


@_compiled
def _surprise(coder, data, chances, state, column):  # pyright: ignore[reportMissingParameterType]
    row = column * ROW
    habit, latest, below = _contexts(state, column)
    node = 1
    for _ in range(RANK_BITS):
        node = node << 1 | _bit(coder, data, chances, habit + node - 1, latest + node - 1)
    rank = node - (1 << RANK_BITS)
    signs = state[row + SIGNS]
    sign = 0
    magnitude = 0
    if rank == IN_FULL:
        magnitude = SURPRISE_LIMIT + 1
    elif rank:
        sign = 1 + _bit(coder, data, chances, habit + SIGN + signs, latest + SIGN + signs)
        magnitude = 1
        if rank > 1:
            model = below + rank - 2
            magnitude = 2 | _bit(coder, data, chances, model, model)
            magnitude = magnitude << (rank - 2) | _raw(coder, data, rank - 2)
    capped = min(magnitude, SURPRISE_MAX)
    state[row + LATEST] = capped
    state[row + MEAN] += (capped << 4) - state[row + MEAN] >> 2
    state[row + SIGNS] = signs % 3 * 3 + sign
    return -magnitude if sign == 2 else magnitude


@_compiled
def _number(coder, data, chances, state, column):  # pyright: ignore[reportMissingParameterType]
    row = column * ROW
    surprise = _surprise(coder, data, chances, state, column)
    slope = 0
    if surprise > SURPRISE_LIMIT:
        value = _raw(coder, data, _MODELS[column, 1]) + _LOWEST[column]
    else:
        value = state[row + VALUE] + state[row + SLOPE] + surprise
        slope = value - state[row + VALUE]
    if _MODELS[column, 0] == STEP:
        state[row + SLOPE] = slope
    state[row + VALUE] = value


@_compiled
def _walk(coder, data, chances, state):  # pyright: ignore[reportMissingParameterType]
    unusual = _bit(coder, data, chances, coder[_UNUSUAL], UNUSUAL - 1)
    coder[_UNUSUAL] = (coder[_UNUSUAL] << 1 | unusual) & 3
    if unusual:
        _number(coder, data, chances, state, 0)
        _choice(coder, data, chances, state, FIX)
        _choice(coder, data, chances, state, CONFIDENCE)
    else:
        state[VALUE] += 1
    if state[FIX * ROW + VALUE]:
        for column in range(LATITUDE, HEART_RATE):
            _number(coder, data, chances, state, column)
    _number(coder, data, chances, state, HEART_RATE)
    _number(coder, data, chances, state, _CADENCE)


@_compiled
def _decode(data, ends, chances, state, columns):  # pyright: ignore[reportMissingParameterType]
    """Fill the columns; return (0, 0, 0), or the reason, the payload's number and the offset in it."""
    coder = np.zeros(_CODER, np.int64)
    row = 0
    start = 0
    for number in range(len(ends)):
        end = ends[number]
        if end - start < HEADER_BYTES or data[start] > FLAG_FRESH or data[start + 1] == 0:
            return _HEADER, number, 0
        if data[start] == FLAG_FRESH:
            chances[:] = _FIRST_CHANCES
            state[:] = _FIRST_STATE
            coder[_UNUSUAL] = 0
        elif number == 0:
            return _MISSING, number, 0
        coder[_SPAN] = SPAN
        coder[_CODE] = 0
        coder[_HALF] = 0
        coder[_TAKEN] = start + HEADER_BYTES
        coder[_STOP] = end
        for _ in range(4):
            _take(coder, data)
        for _ in range(data[start + 1]):
            _walk(coder, data, chances, state)
            for column in range(len(_LOWEST)):
                value = state[column * ROW + VALUE]
                if value < _LOWEST[column] or value > _HIGHEST[column]:
                    return _OUT_OF_BOUNDS, number, min(coder[_TAKEN], end) - start
                columns[column, row] = value
            row += 1
        if coder[_TAKEN] < end:
            return _LEFT_OVER, number, coder[_TAKEN] - start
        start = end
    return 0, 0, 0
