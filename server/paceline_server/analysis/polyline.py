"""The encoded polyline (Google's algorithm, precision 5) of a route."""

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.by_row import known_rows
from paceline_server.formats.recording import Column

PRECISION = 100_000


def encode_polyline(latitude_deg: Column, longitude_deg: Column) -> str:
    """Return the polyline of the known positions; repeated ones count once."""
    known = known_rows(latitude_deg)
    if len(known) == 0:
        return ""
    points = np.empty((len(known), 2), np.int32)
    for number, degrees in enumerate((latitude_deg, longitude_deg)):
        points[:, number] = np.rint(degrees[known] * PRECISION)
    steps = (points[1:] - points[:-1]).view(np.int64)[:, 0]  # both numbers of a step as one
    moved = steps[steps != 0].view(np.int32)
    first = b"".join(_letters_of(number << 1 ^ number >> 31) for number in points[0].tolist())
    return (first + _letters(moved)).decode("ascii")


def decode_polyline(text: str, most: int) -> list[tuple[float, float]]:
    """Return the points as latitude and longitude in degrees; of more than `most`, every so many of them and the last.

    A text cut short or damaged gives the points before the damage.
    """
    chunks = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64) - 63
    damage = np.flatnonzero((chunks < 0) | (chunks > 63))
    chunks = chunks[: damage[0]] if len(damage) else chunks
    ends = np.flatnonzero(chunks & 32 == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])[: len(ends)]
    too_long = np.flatnonzero(ends - starts > 6)
    count = (int(too_long[0]) if len(too_long) else len(ends)) // 2 * 2
    if count == 0:
        return []
    starts, used = starts[:count], int(ends[count - 1]) + 1
    shifts = 5 * (np.arange(used) - np.repeat(starts, np.diff(starts, append=used)))
    values = np.add.reduceat((chunks[:used] & 31) << shifts, starts)
    points = np.where(values & 1, ~(values >> 1), values >> 1).reshape(-1, 2).cumsum(axis=0)
    if len(points) > most:
        points = np.concatenate([points[:: -(-len(points) // (most - 1))], points[-1:]])
    return list(map(tuple, (points / PRECISION).tolist()))


def _letters_of(number: int) -> bytes:
    """Return the letters of a number from 0 on: five bits each, the lowest first, with a mark that others follow."""
    letters = bytearray()
    while number > 0x1F:
        letters.append((number & 0x1F | 0x20) + 63)
        number >>= 5
    letters.append(number + 63)
    return bytes(letters)


# The first two letters of every number below 1024 and, from there on, of one with these bits that others follow.
_PAIRS = np.array([_letters_of(number)[:2] for number in range(2048)], "S2").view(np.uint16)


def _letters(numbers: NDArray[np.int32]) -> bytes:
    if len(numbers) == 0:
        return b""
    rest = (numbers << 1) ^ (numbers >> 31)
    places = -(-int(rest.max()).bit_length() // 10)
    if places <= 1:  # steps of half a kilometre and less
        return _PAIRS[rest].tobytes().translate(None, b"\0")
    pairs = np.zeros((len(rest), places), np.uint16)  # 0: not written
    for place in range(places):
        further = rest >> 10
        pair = _PAIRS[(rest & 0x3FF) | (further > 0) * np.int32(0x400)]
        pairs[:, place] = pair if place == 0 else np.where(rest > 0, pair, 0)
        rest = further
    return pairs.tobytes().translate(None, b"\0")
