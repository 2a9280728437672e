"""The encoded polyline (Google's algorithm, precision 5) of a route."""

import numpy as np

from paceline_server.formats.recording import Column

PRECISION = 100_000
_CHUNKS = 6  # 5 bits each: 30 bits hold any difference of two longitudes


def encode_polyline(latitude_deg: Column, longitude_deg: Column) -> str:
    """Return the polyline of the known positions; repeated ones count once."""
    known = ~np.isnan(latitude_deg)
    points = np.rint(np.column_stack([latitude_deg[known], longitude_deg[known]]) * PRECISION).astype(np.int64)
    if len(points) == 0:
        return ""
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int64))
    first = np.zeros(len(steps), bool)
    first[0] = True
    steps = steps[first | steps.any(axis=1)].reshape(-1)
    values = np.where(steps < 0, ~(steps << 1), steps << 1)
    shifts = 5 * np.arange(_CHUNKS)
    chunks = (values[:, None] >> shifts) & 0x1F
    more = (values[:, None] >> shifts + 5) > 0  # a chunk is followed by another while bits remain
    written = np.column_stack([np.ones(len(values), bool), more[:, :-1]])
    letters = (chunks | np.where(more, 0x20, 0)) + 63
    return letters[written].astype(np.uint8).tobytes().decode("ascii")
