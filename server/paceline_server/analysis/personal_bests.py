"""Personal bests with their history: each effort that beat all before it."""

import numpy as np
from numpy.typing import NDArray


def improvements(values: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the places of the values that are lower than all before them; the last one is the best that stands."""
    if len(values) == 0:
        return np.empty(0, np.intp)
    lowest = np.minimum.accumulate(values)
    return np.flatnonzero(np.concatenate([[True], values[1:] < lowest[:-1]]))
