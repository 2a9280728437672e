"""The encoded polyline (Google's algorithm, precision 5) of a route."""

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column

PRECISION = 100_000


def encode_polyline(latitude_deg: Column, longitude_deg: Column) -> str:
    """Return the polyline of the known positions; repeated ones count once."""
    known = ~np.isnan(latitude_deg)
    points = np.rint(np.column_stack([latitude_deg[known], longitude_deg[known]]) * PRECISION).astype(np.int32)
    if len(points) == 0:
        return ""
    steps = np.diff(points, axis=0)
    steps = steps[(steps[:, 0] != 0) | (steps[:, 1] != 0)]
    return _letters(points[0]) + _letters(steps.reshape(-1))


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
    values = np.where(numbers < 0, ~(numbers << 1), numbers << 1)
    shifts = 5 * np.arange(max(1, -(-int(values.max()).bit_length() // 5)))  # steps need few chunks, positions many
    chunks = (values[:, None] >> shifts) & 0x1F
    more = (values[:, None] >> shifts + 5) > 0  # a chunk is followed by another while bits remain
    written = np.column_stack([np.ones(len(values), bool), more[:, :-1]])
    letters = (chunks | np.where(more, 0x20, 0)) + 63
    return letters[written].astype(np.uint8).tobytes().decode("ascii")
