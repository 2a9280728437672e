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
