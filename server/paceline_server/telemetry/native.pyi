"""The coder of blobs, in C (coder/); docs/TELEMETRY.md says what it writes."""

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

def pack(columns: tuple[NDArray[np.float64] | None, ...], fine: bool, /) -> bytes:
    """Return the blob of ten columns of float64, by number; None and NaN are missing. `fine`: the distance in cm.

    ValueError for values of 48 bits or more in the column's steps, arrays that are not alike, or too many rows.
    """

def unpack(blob: Buffer, wanted: int, /) -> tuple[bytearray | None, ...]:
    """Return the ten columns as float64, None for those whose bit is not set in `wanted`.

    ValueError when the blob is damaged. Memory: at most 11 bytes for each row and column, and 32 for each row.
    """

def sizes(blob: Buffer, /) -> tuple[int, ...]:
    """Return the rows that a blob has, then the bytes of each of its ten columns; ValueError as above."""
