"""The encoded polyline (Google's algorithm, precision 5) of a route."""

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column

PRECISION = 100_000


def encode_polyline(latitude_deg: Column, longitude_deg: Column) -> str:
    """Return the polyline of the known positions; repeated ones count once."""
    known = np.flatnonzero(~np.isnan(latitude_deg))
    if len(known) == 0:
        return ""
    points = np.empty((2, len(known)), np.int32)
    for line, degrees in zip(points, (latitude_deg, longitude_deg), strict=True):
        line[:] = np.rint(degrees[known] * PRECISION)
    steps = points[:, 1:] - points[:, :-1]
    moved = np.flatnonzero(steps[0] | steps[1])
    pairs = np.empty((len(moved), 2), np.int32)
    pairs[:, 0], pairs[:, 1] = steps[0][moved], steps[1][moved]
    return _letters(points[:, 0]) + _letters(pairs.reshape(-1))


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


def _letters(numbers: NDArray[np.int32]) -> str:
    if len(numbers) == 0:
        return ""
    rest = (numbers << 1) ^ (numbers >> 31)
    chunks = max(1, -(-int(rest.max()).bit_length() // 5))  # steps need few, positions many
    letters = np.zeros((len(rest), chunks), np.uint8)  # 0: not written
    for place in range(chunks):
        further = rest >> 5  # a chunk is followed by another while bits remain
        letter = (rest & 0x1F) + ((further > 0) * np.int32(0x20)) + 63
        letters[:, place] = letter if place == 0 else np.where(rest > 0, letter, 0)
        rest = further
    return letters.tobytes().translate(None, b"\0").decode("ascii")
